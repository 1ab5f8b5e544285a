#include "test_certificates.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <stdexcept>

namespace sentio::test {
namespace {

struct Free {
  void operator()(BIO* p) const { BIO_free(p); }
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(X509* p) const { X509_free(p); }
  void operator()(X509_EXTENSION* p) const { X509_EXTENSION_free(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

void require(bool ok) {
  if (!ok) throw std::runtime_error("OpenSSL could not make a test certificate");
}

template <class Write>
std::string pem(Write write) {
  const Owned<BIO> bio{BIO_new(BIO_s_mem())};
  require(write(bio.get()) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

void add_extension(X509* certificate, int nid, const std::string& value) {
  const Owned<X509_EXTENSION> extension{X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str())};
  require(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

/// Signed by `issuer`, or by itself when there is none.
Certificate make(const std::string& common_name, const CertificateWish& wish, const Certificate* issuer) {
  static long serial = 1;
  const Owned<EVP_PKEY> key{EVP_EC_gen("P-256")};
  const Owned<X509> certificate{X509_new()};
  X509* c = certificate.get();
  X509_set_version(c, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(c), serial++);
  X509_gmtime_adj(X509_getm_notBefore(c), wish.first_day * 86'400L);
  X509_gmtime_adj(X509_getm_notAfter(c), wish.last_day * 86'400L);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(c), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0);
  X509_set_pubkey(c, key.get());
  add_extension(c, NID_basic_constraints, wish.dns_name.empty() ? "critical,CA:TRUE" : "critical,CA:FALSE");
  if (!wish.dns_name.empty()) add_extension(c, NID_subject_alt_name, "DNS:" + wish.dns_name);
  if (issuer == nullptr) {
    X509_set_issuer_name(c, X509_get_subject_name(c));
    require(X509_sign(c, key.get(), EVP_sha256()) != 0);
  } else {
    const Owned<BIO> certificate_bio{BIO_new_mem_buf(issuer->certificate_pem.data(), -1)};
    const Owned<BIO> key_bio{BIO_new_mem_buf(issuer->key_pem.data(), -1)};
    const Owned<X509> signer{PEM_read_bio_X509(certificate_bio.get(), nullptr, nullptr, nullptr)};
    const Owned<EVP_PKEY> signer_key{PEM_read_bio_PrivateKey(key_bio.get(), nullptr, nullptr, nullptr)};
    require(signer && signer_key);
    X509_set_issuer_name(c, X509_get_subject_name(signer.get()));
    require(X509_sign(c, signer_key.get(), EVP_sha256()) != 0);
  }
  return {pem([&](BIO* b) { return PEM_write_bio_X509(b, c); }), pem([&](BIO* b) {
            return PEM_write_bio_PrivateKey(b, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
          })};
}

}  // namespace

Certificate make_authority() {
  return make("sentio test authority", {.dns_name = ""}, nullptr);
}
Certificate issue(const Certificate& authority, const CertificateWish& wish) {
  return make(wish.dns_name, wish, &authority);
}
Certificate self_signed(const CertificateWish& wish) {
  return make(wish.dns_name, wish, nullptr);
}

TestAuthority::TestAuthority() : authority_(make_authority()), file_("/tmp/sentio_ca_XXXXXX") {
  const int fd = ::mkstemp(file_.data());
  require(fd >= 0);
  ::close(fd);
  std::ofstream(file_) << authority_.certificate_pem;
}

TestAuthority::~TestAuthority() {
  ::unlink(file_.c_str());
}

}  // namespace sentio::test
