#pragma once
/// A disk in memory that fails, kills or loses power at the n-th thing it is asked.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sentio/store/file_system.h"

namespace sentio::testing {

/// Thrown at the n-th call instead of performing it: what stays on the disk is what a killed process leaves.
struct Killed {};

class MemoryDisk final : public FileSystem {
 public:
  using Files = std::map<std::string, std::string>;
  enum class Fault { none, one_call, every_call_from_it, kill };

  explicit MemoryDisk(const Files& files = {}) {
    for (const auto& [name, content] : files) names_[name] = std::make_shared<File>(File{content, content});
    durable_names_ = names_;
  }
  /// `again`: one_call happens once more that many calls later.
  void fail(Fault fault, int nth, int again = 0) {
    fault_ = fault;
    left_ = nth;
    again_ = again;
  }
  [[nodiscard]] bool fired() const { return fired_; }
  [[nodiscard]] const std::vector<std::string>& calls() const { return calls_; }

  /// What a process finds that starts now.
  [[nodiscard]] Files files() const { return contents(names_, &File::now); }
  /// After a power cut, if nothing reached the disk that was not synced.
  [[nodiscard]] Files synced_files() const { return contents(durable_names_, &File::durable); }
  /// After a power cut, if the disk wrote names before contents.
  [[nodiscard]] Files names_before_contents() const { return contents(names_, &File::durable); }

  std::error_code open(const std::filesystem::path& path, Opening how, int& file) override {
    if (const auto error = called("open " + path.string())) return error;
    std::shared_ptr<File>& at = names_[path.string()];
    if (!at) at = std::make_shared<File>();
    if (how == Opening::replace) at->now.clear();
    file = static_cast<int>(open_.size());
    open_.push_back(at);
    return {};
  }
  std::error_code write(int file, std::string_view bytes) override {
    const auto error = called("write");
    // A full disk takes a part.
    open_[static_cast<std::size_t>(file)]->now += bytes.substr(0, error ? bytes.size() / 2 : bytes.size());
    return error;
  }
  std::error_code sync(int file) override {
    if (const auto error = called("sync")) return error;
    File& f = *open_[static_cast<std::size_t>(file)];
    f.durable = f.now;
    return {};
  }
  std::error_code close(int) override { return called("close"); }
  std::error_code rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    if (const auto error = called("rename " + from.string() + " " + to.string())) return error;
    const auto at = names_.find(from.string());
    if (at == names_.end()) return std::make_error_code(std::errc::no_such_file_or_directory);
    names_[to.string()] = at->second;
    names_.erase(from.string());
    return {};
  }
  std::error_code sync_folder(const std::filesystem::path& folder) override {
    if (const auto error = called("sync_folder " + folder.string())) return error;
    durable_names_ = names_;  // all files of these tests are in one folder
    return {};
  }
  std::error_code remove(const std::filesystem::path& path) override {
    if (const auto error = called("remove " + path.string())) return error;
    names_.erase(path.string());
    return {};
  }

 private:
  struct File {
    std::string now, durable;
  };
  using Names = std::map<std::string, std::shared_ptr<File>>;

  static Files contents(const Names& names, std::string File::*content) {
    Files files;
    for (const auto& [name, file] : names) files[name] = *file.*content;
    return files;
  }
  std::error_code called(std::string what) {
    calls_.push_back(std::move(what));
    if (fault_ == Fault::none) return {};
    const int left = left_--;
    const bool again = left < 0 && (fault_ == Fault::every_call_from_it || left == -again_);
    if (left != 0 && !again) return {};
    fired_ = true;
    if (fault_ == Fault::kill) throw Killed{};
    return std::make_error_code(std::errc::no_space_on_device);
  }

  Names names_, durable_names_;
  std::vector<std::shared_ptr<File>> open_;
  std::vector<std::string> calls_;
  Fault fault_ = Fault::none;
  int left_ = 0, again_ = 0;
  bool fired_ = false;
};

}  // namespace sentio::testing
