#include "worker/handlers/child_group.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>
#include <utility>

#include "base/errno_error.hpp"
#include "job/validate.hpp"

namespace archaeologist {
namespace {

// Ours does not block; theirs is above 2, so that putting it there clobbers none of the others.
struct Pipe {
    Fd ours;
    Fd theirs;
};

enum class Ours : std::uint8_t { reads, writes };

Result<Pipe> make_pipe(Ours ours) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return errno_error(errno, "make a pipe");
    Fd read_end(ends[0]);
    Fd write_end(ends[1]);
    Pipe pipe;
    pipe.ours = std::move(ours == Ours::reads ? read_end : write_end);
    Fd& theirs = ours == Ours::reads ? write_end : read_end;
    pipe.theirs = Fd(::fcntl(theirs.get(), F_DUPFD_CLOEXEC, 3));
    if (!pipe.theirs || ::fcntl(pipe.ours.get(), F_SETFL, O_NONBLOCK) != 0) return errno_error(errno, "make a pipe");
    return pipe;
}

std::vector<char*> pointers(const std::vector<std::string>& strings) {
    std::vector<char*> all;
    all.reserve(strings.size() + 1);
    for (const std::string& string : strings) all.push_back(const_cast<char*>(string.c_str()));
    all.push_back(nullptr);
    return all;
}

class SpawnSetup {
public:
    SpawnSetup() {
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawnattr_init(&attributes);
    }
    ~SpawnSetup() {
        ::posix_spawn_file_actions_destroy(&actions);
        ::posix_spawnattr_destroy(&attributes);
    }
    SpawnSetup(const SpawnSetup&) = delete;
    SpawnSetup& operator=(const SpawnSetup&) = delete;

    // An errno, 0 when all went well.
    [[nodiscard]] int fill(int input, int output, int error) {
        for (const auto& [from, to] : {std::pair{input, 0}, {output, 1}, {error, 2}}) {
            if (const int failed = ::posix_spawn_file_actions_adddup2(&actions, from, to)) return failed;
        }
        if (const int failed = ::posix_spawn_file_actions_addclosefrom_np(&actions, 3)) return failed;
        sigset_t none;
        sigset_t all;
        sigemptyset(&none);
        sigfillset(&all);
        sigdelset(&all, SIGKILL);
        sigdelset(&all, SIGSTOP);
        constexpr short flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
        if (const int failed = ::posix_spawnattr_setflags(&attributes, flags)) return failed;
        if (const int failed = ::posix_spawnattr_setpgroup(&attributes, 0)) return failed;
        if (const int failed = ::posix_spawnattr_setsigmask(&attributes, &none)) return failed;
        return ::posix_spawnattr_setsigdefault(&attributes, &all);
    }

    posix_spawn_file_actions_t actions{};
    posix_spawnattr_t attributes{};
};

}  // namespace

NoPipeSignal::NoPipeSignal() : pipe_(), before_() {
    sigset_t pending;
    sigemptyset(&pending);
    ::sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
}

NoPipeSignal::~NoPipeSignal() {
    const timespec no_time{};
    while (!was_pending_ && ::sigtimedwait(&pipe_, nullptr, &no_time) == -1 && errno == EINTR) continue;
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

Result<ChildGroup> ChildGroup::start(const std::string& path, const std::vector<std::string>& arguments,
                                     const std::vector<std::string>& environment) {
    ARCHAEO_ASSIGN(Pipe input, make_pipe(Ours::writes));
    ARCHAEO_ASSIGN(Pipe output, make_pipe(Ours::reads));
    ARCHAEO_ASSIGN(Pipe error, make_pipe(Ours::reads));
    SpawnSetup setup;
    pid_t pid = 0;
    int failed = setup.fill(input.theirs.get(), output.theirs.get(), error.theirs.get());
    if (failed == 0) {
        failed = ::posix_spawn(&pid, path.c_str(), &setup.actions, &setup.attributes, pointers(arguments).data(),
                               pointers(environment).data());
    }
    if (failed != 0) return errno_error(failed, "run " + quoted(path));
    ChildGroup group(pid);
    group.input = std::move(input.ours);
    group.output = std::move(output.ours);
    group.error = std::move(error.ours);
    return group;
}

ChildGroup::ChildGroup(ChildGroup&& other) noexcept
    : input(std::move(other.input)),
      output(std::move(other.output)),
      error(std::move(other.error)),
      pid_(std::exchange(other.pid_, 0)) {}

ChildGroup::~ChildGroup() {
    if (pid_ == 0) return;
    signal(SIGKILL);
    while (::waitpid(pid_, nullptr, 0) == -1 && errno == EINTR) continue;
}

void ChildGroup::signal(int number) const {
    siginfo_t info{};
    // Where the program reaps its children itself, the number may be another group's by now.
    if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0) return;
    ::kill(-pid_, number);
}

std::optional<Exit> ChildGroup::exited() const {
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0) {
        if (errno == EINTR) return std::nullopt;
        return Exit{.status = SIGCHLD, .by_signal = true};  // somebody else reaped it: how it ended is not known
    }
    if (info.si_pid == 0) return std::nullopt;
    return Exit{.status = info.si_status, .by_signal = info.si_code != CLD_EXITED};
}

}  // namespace archaeologist
