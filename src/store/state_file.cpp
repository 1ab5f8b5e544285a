#include "sentio/store/state_file.h"

#include "sentio/core/bytes.h"
#include "sentio/store/atomic_file.h"

namespace sentio {

namespace {

constexpr std::string_view kMagic = "SENTIOWS";
constexpr std::int32_t kYearMin = 1900, kYearMax = 9999, kSessionsMax = 1'000'000;
constexpr std::size_t kChecksumBytes = sizeof(std::uint64_t);

std::string_view as_text(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void put_date(ByteWriter& out, Date date) {
  out.put(static_cast<std::int32_t>(static_cast<int>(date.year())));
  out.put(static_cast<std::uint32_t>(static_cast<unsigned>(date.month())));
  out.put(static_cast<std::uint32_t>(static_cast<unsigned>(date.day())));
}

Date get_date(ByteReader& in) {
  std::int32_t year = 0;
  std::uint32_t month = 0, day = 0;
  // The calendar's types keep the lower bits of a larger number.
  in.get_within(year, kYearMin, kYearMax);
  in.get_within(month, 1U, 12U);
  in.get_within(day, 1U, 31U);
  const Date date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
  if (!date.ok()) in.fail();
  return date;
}

}  // namespace

std::vector<std::uint8_t> encode_state(const StateHeader& header, std::span<const std::uint8_t> payload) {
  ByteWriter out;
  for (const char c : kMagic) out.put(c);
  out.put(kStateVersion);
  out.put(header.learning_hash);
  out.put(header.feature_schema);
  put_date(out, header.last_session);
  out.put(header.sessions);
  out.put(header.sessions_wanted);
  out.put(header.synthetic);
  out.put_span<std::uint8_t>(payload);
  out.put(fnv1a(as_text(out.bytes())));
  return out.take();
}

Result<StateFile> decode_state(std::span<const std::uint8_t> bytes, std::string_view name) {
  const std::string where(name);
  const auto remake = " (make it again with warmup-multi)";
  if (bytes.size() < kMagic.size() || as_text(bytes.first(kMagic.size())) != kMagic) {
    return fail(Errc::malformed, where, "is not a sentio warm-up state");
  }
  ByteReader in(bytes.subspan(kMagic.size()));
  std::uint32_t version = 0;
  if (in.get(version) && version != kStateVersion) {
    return fail(Errc::mismatch, where,
                "has state version " + std::to_string(version) + ", this program reads " + std::to_string(kStateVersion) + remake);
  }
  StateFile state;
  in.get(state.header.learning_hash);
  in.get(state.header.feature_schema);
  state.header.last_session = get_date(in);
  in.get_within(state.header.sessions, 0, kSessionsMax);
  in.get_within(state.header.sessions_wanted, 0, kSessionsMax);
  in.get(state.header.synthetic);
  in.get_vector(state.payload);
  std::uint64_t checksum = 0;
  in.get(checksum);
  if (!in.ok() || !in.at_end()) return fail(Errc::malformed, where, std::string("is truncated or damaged") + remake);
  if (checksum != fnv1a(as_text(bytes.first(bytes.size() - kChecksumBytes)))) {
    return fail(Errc::malformed, where, std::string("is damaged: its checksum does not fit") + remake);
  }
  return state;
}

Result<> write_state(const std::filesystem::path& file, const StateHeader& header, std::span<const std::uint8_t> payload,
                     FileSystem& disk) {
  if (file.has_parent_path()) {
    if (auto ready = ensure_writable_folder(file.parent_path(), Durability::power_cut, disk); !ready) return ready;
  }
  const auto bytes = encode_state(header, payload);
  return write_file_atomically(file, as_text(bytes), Durability::power_cut, disk);
}

Result<StateFile> read_state(const std::filesystem::path& file) {
  const auto text = read_text_file(file);
  if (!text) return tl::unexpected(text.error());
  return decode_state(std::span(reinterpret_cast<const std::uint8_t*>(text->data()), text->size()), file.string());
}

}  // namespace sentio
