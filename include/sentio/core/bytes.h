#pragma once
/// State to and from bytes: fixed little-endian layout, bounds checked on the way in.
///
/// Every class with state that must survive a restart has
///   void save(ByteWriter&) const;   Result<> load(ByteReader&);
/// and resumed must equal continued, bit for bit. Files (checksum, version, atomic write) are
/// the business of `store`.

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "sentio/core/error.h"

namespace sentio {

static_assert(std::endian::native == std::endian::little, "state files are little-endian");

/// Types whose every pattern of bits is a value. A bool or an enumeration is not: a byte of a file must be looked
/// at before it becomes one.
template <class T>
concept PlainValue = std::is_arithmetic_v<T> && !std::same_as<T, bool>;

class ByteWriter {
 public:
  template <PlainValue T>
  void put(T value) {
    const auto at = bytes_.size();
    bytes_.resize(at + sizeof(T));
    std::memcpy(bytes_.data() + at, &value, sizeof(T));
  }
  /// A template, so that no pointer becomes a bool.
  template <std::same_as<bool> T>
  void put(T value) {
    put(static_cast<std::uint8_t>(value));
  }
  void put(std::string_view text) {
    put(static_cast<std::uint64_t>(text.size()));
    bytes_.insert(bytes_.end(), text.begin(), text.end());
  }
  template <PlainValue T>
  void put_span(std::span<const T> values) {
    put(static_cast<std::uint64_t>(values.size()));
    const auto at = bytes_.size();
    bytes_.resize(at + values.size_bytes());
    if (!values.empty()) std::memcpy(bytes_.data() + at, values.data(), values.size_bytes());
  }
  [[nodiscard]] const std::vector<std::uint8_t>& bytes() const { return bytes_; }
  [[nodiscard]] std::vector<std::uint8_t> take() { return std::move(bytes_); }

 private:
  std::vector<std::uint8_t> bytes_;
};

/// Reads what ByteWriter wrote. After the first failure every read fails and leaves its target
/// as it was; check ok() once at the end of a load.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  template <PlainValue T>
  bool get(T& value) {
    if (!take(sizeof(T))) return false;
    std::memcpy(&value, bytes_.data() + at_ - sizeof(T), sizeof(T));
    return true;
  }
  /// A byte of 0 or 1; any other is damage.
  bool get(bool& value) {
    std::uint8_t byte = 0;
    if (!get_within(byte, std::uint8_t{0}, std::uint8_t{1})) return false;
    value = byte == 1;
    return true;
  }
  /// A number from `least` to `most`; no NaN is.
  template <PlainValue T>
  bool get_within(T& value, T least, T most) {
    T read{};
    if (!get(read)) return false;
    if (!(read >= least && read <= most)) return fail();
    value = read;
    return true;
  }
  bool get(std::string& text) {
    std::uint64_t n = 0;
    if (!get(n) || !take(n)) return false;
    text.assign(reinterpret_cast<const char*>(bytes_.data() + at_ - n), n);
    return true;
  }
  /// Any length up to `max_values`.
  template <PlainValue T>
  bool get_vector(std::vector<T>& values, std::uint64_t max_values = std::uint64_t{1} << 32) {
    std::uint64_t n = 0;
    if (!get(n)) return false;
    if (n > max_values || n > remaining() / sizeof(T)) return fail();
    values.resize(n);
    return copy_out(values.data(), n * sizeof(T));
  }
  /// Exactly values.size() values, or failure.
  template <PlainValue T>
  bool get_span(std::span<T> values) {
    std::uint64_t n = 0;
    if (!get(n)) return false;
    if (n != values.size()) return fail();
    return copy_out(values.data(), n * sizeof(T));
  }
  /// Exactly values.size() numbers from `least` to `most`. The target is only defined on success.
  bool get_span_within(std::span<double> values, double least, double most) {
    if (!get_span(values)) return false;
    const bool within =
        std::all_of(values.begin(), values.end(), [=](double v) { return v >= least && v <= most; });
    return within || fail();
  }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return at_ == bytes_.size(); }
  [[nodiscard]] std::size_t remaining() const { return bytes_.size() - at_; }
  bool fail() { ok_ = false; return false; }
  /// Success, or "malformed" naming the part that did not load.
  [[nodiscard]] Result<> result(std::string_view part) const {
    if (ok_) return {};
    return ::sentio::fail(Errc::malformed, std::string(part), "state is truncated, of another shape or holds numbers that cannot be");
  }

 private:
  bool take(std::uint64_t n) {
    if (!ok_ || n > remaining()) return fail();
    at_ += n;
    return true;
  }
  bool copy_out(void* to, std::size_t n) {
    if (!take(n)) return false;
    if (n != 0) std::memcpy(to, bytes_.data() + at_ - n, n);
    return true;
  }
  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

/// FNV-1a, 64 bit: names, configuration hashes, stagger offsets. Not a security hash.
[[nodiscard]] constexpr std::uint64_t fnv1a(std::string_view text, std::uint64_t hash = 14695981039346656037ULL) {
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1099511628211ULL;
  }
  return hash;
}

}  // namespace sentio
