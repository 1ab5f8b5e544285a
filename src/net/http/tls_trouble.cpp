#include "http/tls_trouble.h"

#include <openssl/x509_vfy.h>

namespace sentio::net {

std::string certificate_trouble(long verify_result, std::string_view host) {
  const std::string name{host};
  switch (verify_result) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "certificate of " + name + " has expired";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "certificate of " + name + " is not valid yet: check this machine's clock";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "certificate is not for " + name;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return "certificate of " + name + " is self-signed";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return "certificate of " + name + " comes from an authority that is not trusted here";
    case X509_V_ERR_CERT_REVOKED:
      return "certificate of " + name + " was revoked";
    default:
      return "certificate of " + name + " was refused: " + X509_verify_cert_error_string(verify_result);
  }
}

}  // namespace sentio::net
