// A program in a process group of its own, with pipes to its standard input, output and error.
#pragma once

#include <sys/types.h>

#include <csignal>
#include <optional>
#include <string>
#include <vector>

#include "archaeologist/result.hpp"
#include "base/fd.hpp"

namespace archaeologist {

// Keeps SIGPIPE from this thread, so that a write to a program that reads no more is an error of the write. What the
// process does with the signal stays its own business.
class NoPipeSignal {
public:
    NoPipeSignal();
    ~NoPipeSignal();  // drops the one that a write raised, then the thread is as before
    NoPipeSignal(const NoPipeSignal&) = delete;
    NoPipeSignal& operator=(const NoPipeSignal&) = delete;

private:
    sigset_t pipe_;
    sigset_t before_;
    bool was_pending_;
};

struct Exit {
    int status = 0;  // of exit(), or the signal
    bool by_signal = false;
};

// One thread at a time.
class ChildGroup {
public:
    // Signals are as a shell would give them to the program (none blocked, none ignored), and no descriptor but 0, 1 and 2
    // is open in it. Errors: not_found, permission_denied, unavailable (out of processes, memory or descriptors), io_error.
    [[nodiscard]] static Result<ChildGroup> start(const std::string& path, const std::vector<std::string>& arguments,
                                                  const std::vector<std::string>& environment);
    ChildGroup(ChildGroup&& other) noexcept;
    ChildGroup& operator=(ChildGroup&&) = delete;
    ~ChildGroup();  // kills the group and waits for the program

    // Our ends of its pipes; they do not block. The caller closes them.
    Fd input;
    Fd output;
    Fd error;

    void signal(int number) const;
    // Nothing while the program runs. Its zombie stays until the end, so that the group's number is nobody else's.
    [[nodiscard]] std::optional<Exit> exited() const;

private:
    explicit ChildGroup(pid_t pid) : pid_(pid) {}

    pid_t pid_;  // 0: moved away
};

}  // namespace archaeologist
