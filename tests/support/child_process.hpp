// Runs a piece of a test in a process of its own: for limits, users and deaths that must not touch the test program.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

namespace archaeologist {

// The child of a fork. It leaves by _exit with what `body` returns, so that no destructor of the test runs in it.
class ChildProcess {
public:
    explicit ChildProcess(const std::function<int()>& body) : id_(::fork()) {
        if (id_ == 0) ::_exit(body());
    }
    ChildProcess(ChildProcess&& other) noexcept : id_(other.id_) { other.id_ = -1; }
    ChildProcess& operator=(ChildProcess&&) = delete;
    ~ChildProcess() { static_cast<void>(wait()); }

    // As after a power cut: nothing of the child runs any more.
    void kill() {
        if (id_ > 0) ::kill(id_, SIGKILL);
    }

    // What the child returned; -1 when a signal ended it. Once.
    [[nodiscard]] int wait() {
        if (id_ <= 0) return -1;
        int status = 0;
        const pid_t ended = ::waitpid(id_, &status, 0);
        id_ = -1;
        return ended > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

private:
    pid_t id_;
};

[[nodiscard]] inline int run_in_child(const std::function<int()>& body) { return ChildProcess(body).wait(); }

}  // namespace archaeologist
