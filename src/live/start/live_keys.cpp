#include "sentio/live/live_keys.h"

#include <algorithm>
#include <map>
#include <vector>

#include "sentio/config/env_file.h"
#include "sentio/core/text/text.h"
#include "sentio/store/atomic_file.h"

namespace sentio {

namespace {

namespace fs = std::filesystem;

struct EnvFile {
  std::map<std::string, std::string> values;
  bool exists = false;
  bool readable_by_others = false;
};

Result<EnvFile> read_env_file(const fs::path& file) {
  EnvFile out;
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (!fs::exists(status)) {
    if (status.type() == fs::file_type::not_found) return out;
    return fail(Errc::usage, file.string(), "cannot be looked at: " + error.message());
  }
  out.exists = true;
  // Not for devices and pipes: /dev/null stands for "no file", <(…) for a password manager.
  constexpr auto kOthers = fs::perms::group_read | fs::perms::others_read;
  out.readable_by_others = fs::is_regular_file(status) && (status.permissions() & kOthers) != fs::perms::none;
  const auto text = read_text_file(file);
  if (!text) return fail(Errc::usage, file.string(), text.error().detail);
  auto values = parse_env(*text, file.string());
  if (!values) return tl::unexpected(std::move(values).error());
  out.values = *std::move(values);
  return out;
}

/// Printable ASCII without blanks: anything else is a placeholder, or was damaged on its way here.
bool possible_key(const std::string& value) {
  return !value.empty() && std::ranges::all_of(value, [](char c) { return c > ' ' && c < 0x7f; });
}

/// `cp` is no advice where it would overwrite keys that are there.
std::string next_step(const fs::path& file, bool exists) {
  if (exists) return "fill in " + file.string() + " (config.env.example shows how) or set the environment";
  return "cp config.env.example " + file.string() + " && chmod 600 " + file.string() +
         " and fill it in, or set the environment";
}

}  // namespace

std::string_view to_string(LiveAccount account) {
  return account == LiveAccount::real ? "real" : "paper";
}

Result<LiveKeys> load_live_keys(LiveAccount account, const fs::path& env_file,
                                const std::function<const char*(const char*)>& environment) {
  auto file = read_env_file(env_file);
  if (!file) return tl::unexpected(std::move(file).error());
  if (account == LiveAccount::real && file->readable_by_others) {
    return fail(
        Errc::usage, env_file.string(),
        "holds keys of real money that others on this machine can read; chmod 600 " + env_file.string());
  }
  const auto value = [&](const char* name) -> std::string {
    const char* set = environment(name);
    if (set != nullptr && *set != '\0') return set;
    const auto found = file->values.find(name);
    return found == file->values.end() ? std::string{} : found->second;
  };

  LiveKeys keys{.file_readable_by_others = file->readable_by_others};
  std::vector<std::string> missing, malformed;
  const auto take = [&](const char* name, std::string& key) {
    key = value(name);
    if (!possible_key(key)) (key.empty() ? missing : malformed).emplace_back(name);
  };
  const bool real = account == LiveAccount::real;
  take(real ? "ALPACA_API_KEY" : "ALPACA_PAPER_API_KEY", keys.key_id);
  take(real ? "ALPACA_SECRET_KEY" : "ALPACA_PAPER_SECRET_KEY", keys.secret_key);
  if (!missing.empty()) {
    const std::string are = missing.size() > 1 ? "are" : "is";
    return fail(Errc::unauthorized, joined(missing, " and "), are + " not set; " + next_step(env_file, file->exists));
  }
  if (!malformed.empty()) {
    return fail(Errc::unauthorized, joined(malformed, " and "),
                "a key has no blanks and no control characters; copy it again from the broker's page");
  }
  // A bad second source of bars must not keep anybody from `flatten`.
  for (const char* name : {"MASSIVE_API_KEY", "POLYGON_API_KEY"}) {
    if (std::string key = value(name); possible_key(key)) keys.polygon_key = std::move(key);
  }
  return keys;
}

}  // namespace sentio
