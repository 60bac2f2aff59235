// Which of the processes that share a data folder does the work that one should do.
#pragma once

#include <string>

#include "base/fd.hpp"
#include "base/mutex.hpp"

namespace archaeologist::redis_queue {

// Thread-safe.
class Leader {
public:
    // An empty path: there are no others.
    explicit Leader(std::string lock_path) : path_(std::move(lock_path)) {}

    // Tries to become it where nobody is. It stays so until its process ends.
    [[nodiscard]] bool is_leader();

private:
    const std::string path_;
    Mutex mutex_;
    Fd held_ ARCHAEO_GUARDED_BY(mutex_);
};

}  // namespace archaeologist::redis_queue
