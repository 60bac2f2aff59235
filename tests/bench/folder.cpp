#include "bench/folder.hpp"

#include <sys/resource.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <system_error>

namespace archaeologist::bench {

namespace fs = std::filesystem;

Folder::Folder(const std::string& given) : path_(given), is_temporary_(given.empty()) {
    std::error_code failure;
    if (!is_temporary_) {
        fs::create_directories(path_, failure);
        return;
    }
    path_ = (fs::temp_directory_path(failure) / "archaeologist-bench-XXXXXX").string();
    if (::mkdtemp(path_.data()) == nullptr) {
        std::perror(path_.c_str());
        std::exit(1);
    }
}

Folder::~Folder() {
    std::error_code failure;
    if (is_temporary_) fs::remove_all(path_, failure);
}

std::uint64_t disk_bytes(const std::string& folder) {
    std::error_code failure;
    std::uint64_t bytes = 0;
    for (fs::recursive_directory_iterator at(folder, failure), end; !failure && at != end; at.increment(failure)) {
        struct stat status {};
        if (::lstat(at->path().c_str(), &status) == 0) bytes += static_cast<std::uint64_t>(status.st_blocks) * 512;
    }
    return bytes;
}

double rss_max_mb() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) * 1024 / 1e6;
}

}  // namespace archaeologist::bench
