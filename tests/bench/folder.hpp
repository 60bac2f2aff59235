// Folders of a benchmark.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace archaeologist::bench {

// A given folder, which stays, or a new temporary one, which is removed at the end.
class Folder {
public:
    // Empty: a temporary one.
    explicit Folder(const std::string& given);
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_;
    bool is_temporary_;
};

// What the folder's files take on disk (blocks, as du counts them).
[[nodiscard]] std::uint64_t disk_bytes(const std::string& folder);

// The most memory this process ever held.
[[nodiscard]] double rss_max_mb();

}  // namespace archaeologist::bench
