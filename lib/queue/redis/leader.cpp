#include "queue/redis/leader.hpp"

#include <fcntl.h>
#include <sys/file.h>

namespace archaeologist::redis_queue {

bool Leader::is_leader() {
    if (path_.empty()) return true;
    const MutexLock lock(mutex_);
    if (held_) return true;
    Fd file(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (!file || ::flock(file.get(), LOCK_EX | LOCK_NB) != 0) return false;
    held_ = std::move(file);
    return true;
}

}  // namespace archaeologist::redis_queue
