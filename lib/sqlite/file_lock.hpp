// An exclusive flock among processes, whose wait has an end: a process that was stopped while it held the lock must not
// stop all others.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "archaeologist/result.hpp"
#include "base/fd.hpp"

namespace archaeologist::sqlite {

// One thread at a time.
class FileLock {
public:
    // Lets the lock go at its end.
    class Held {
    public:
        Held(Held&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
        Held& operator=(Held&&) = delete;
        ~Held();

    private:
        friend class FileLock;
        explicit Held(int fd) : fd_(fd) {}
        int fd_;
    };

    // Makes the file where it is missing. Errors: permission_denied, storage_full, io_error.
    [[nodiscard]] static Result<FileLock> open(const std::string& path);
    FileLock(FileLock&&) noexcept = default;
    FileLock& operator=(FileLock&&) = delete;
    ~FileLock();

    // Errors: unavailable (somebody held it all the while).
    [[nodiscard]] Result<Held> take(std::chrono::milliseconds wait);

private:
    struct Waiter;
    FileLock(Fd fd, std::string path);

    std::string path_;
    // Shared with the thread that waits, which may be left behind in its wait.
    std::shared_ptr<Waiter> waiter_;
};

}  // namespace archaeologist::sqlite
