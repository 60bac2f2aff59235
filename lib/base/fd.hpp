// Owns a file descriptor.
#pragma once

#include <unistd.h>

#include <utility>

namespace archaeologist {

class Fd {
public:
    Fd() = default;
    explicit Fd(int fd) : fd_(fd) {}  // takes it over; negative means none
    Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Fd& operator=(Fd&& other) noexcept {
        if (this != &other) reset(std::exchange(other.fd_, -1));
        return *this;
    }
    Fd(const Fd&) = delete;
    Fd& operator=(const Fd&) = delete;
    ~Fd() { reset(); }

    [[nodiscard]] int get() const { return fd_; }
    [[nodiscard]] int release() { return std::exchange(fd_, -1); }
    explicit operator bool() const { return fd_ >= 0; }

    // close() is not retried after EINTR: Linux has released the descriptor by then.
    void reset(int fd = -1) {
        if (fd_ >= 0) ::close(fd_);
        fd_ = fd;
    }

private:
    int fd_ = -1;
};

}  // namespace archaeologist
