#include "sqlite/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <system_error>
#include <thread>

#include "base/errno_error.hpp"
#include "base/mutex.hpp"

namespace archaeologist::sqlite {

// flock has no time limit, and a signal to end it would be the whole program's. So a thread of its own waits in it, made
// when somebody first has to wait; processes that are alone never have one.
struct FileLock::Waiter {
    explicit Waiter(Fd lock_file) : fd(std::move(lock_file)) {}

    const Fd fd;
    Mutex mutex;
    Condition changed;
    bool has_thread ARCHAEO_GUARDED_BY(mutex) = false;
    bool is_closing ARCHAEO_GUARDED_BY(mutex) = false;
    bool is_in_flock ARCHAEO_GUARDED_BY(mutex) = false;  // or about to be
    bool is_wanted ARCHAEO_GUARDED_BY(mutex) = false;    // by who waits for the thread
    bool is_granted ARCHAEO_GUARDED_BY(mutex) = false;   // to who waits for the thread

    Status start(const std::shared_ptr<Waiter>& self, const std::string& path) ARCHAEO_REQUIRES(mutex) {
        if (has_thread) return {};
        try {
            std::thread([self] { self->run(); }).detach();
        } catch (const std::system_error& refused) {
            return errno_error(refused.code().value(), "start a thread to wait for lock " + path);
        }
        has_thread = true;
        return {};
    }

private:
    // Until closed.
    void run() {
        const MutexLock lock(mutex);
        while (!is_closing) {
            if (!is_in_flock) {
                changed.wait(mutex);
                continue;
            }
            wait_in_flock();
            is_in_flock = false;
            if (is_wanted) {
                is_wanted = false;
                is_granted = true;
                changed.notify_all();
            } else {
                ::flock(fd.get(), LOCK_UN);  // whoever wanted it gave up
            }
        }
    }

    void wait_in_flock() ARCHAEO_REQUIRES(mutex) ARCHAEO_NO_ANALYSIS {
        mutex.unlock();
        while (::flock(fd.get(), LOCK_EX) != 0 && errno == EINTR) continue;
        mutex.lock();
    }
};

FileLock::Held::~Held() {
    if (fd_ >= 0) ::flock(fd_, LOCK_UN);
}

FileLock::FileLock(Fd fd, std::string path)
    : path_(std::move(path)), waiter_(std::make_shared<Waiter>(std::move(fd))) {}

FileLock::~FileLock() {
    if (!waiter_) return;
    const MutexLock lock(waiter_->mutex);
    waiter_->is_closing = true;
    waiter_->changed.notify_all();
}

Result<FileLock> FileLock::open(const std::string& path) {
    Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (!fd) return errno_error(errno, "open lock " + path);
    return FileLock(std::move(fd), path);
}

Result<FileLock::Held> FileLock::take(std::chrono::milliseconds wait) {
    const auto give_up_at = std::chrono::steady_clock::now() + wait;
    const MutexLock lock(waiter_->mutex);
    // While the thread waits, only the thread may ask: a lock belongs to the open file, and it would take ours for its own.
    if (!waiter_->is_in_flock) {
        if (::flock(waiter_->fd.get(), LOCK_EX | LOCK_NB) == 0) return Held(waiter_->fd.get());
        if (errno != EWOULDBLOCK && errno != EINTR) return errno_error(errno, "lock " + path_);
        ARCHAEO_TRY(waiter_->start(waiter_, path_));
        waiter_->is_in_flock = true;
    }
    waiter_->is_wanted = true;
    waiter_->changed.notify_all();
    while (!waiter_->is_granted) {
        const auto left = give_up_at - std::chrono::steady_clock::now();
        if (left <= left.zero()) {
            waiter_->is_wanted = false;
            return Error{Code::unavailable, path_ + " was held by another process for " + std::to_string(wait.count()) +
                                                " ms; one that was stopped while it wrote must go on, or be ended"};
        }
        waiter_->changed.wait_for(waiter_->mutex, left);
    }
    waiter_->is_granted = false;
    return Held(waiter_->fd.get());
}

}  // namespace archaeologist::sqlite
