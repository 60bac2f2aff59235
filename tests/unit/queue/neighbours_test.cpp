#include "queue/sqlite/neighbours.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <ctime>
#include <filesystem>

#include "base/mutex.hpp"
#include "queue/sqlite/waker.hpp"
#include "support/child_process.hpp"
#include "support/temporary_folder.hpp"

using namespace archaeologist;
using namespace archaeologist::sqlite;
using namespace std::chrono_literals;
using Life = Neighbours::Life;

namespace {

constexpr auto patience = 30s;

// What the listening thread told.
class Seen {
public:
    [[nodiscard]] Neighbours::Events events() {
        return {.woken = [this] { count_wake(); },
                .died =
                    [this](const std::string& name) {
                        count_death(name);
                        return Neighbours::After::ask_again;
                    }};
    }
    [[nodiscard]] int wakes() {
        const MutexLock lock(mutex_);
        return wakes_;
    }
    [[nodiscard]] int deaths(const std::string& name) {
        const MutexLock lock(mutex_);
        return deaths_[name];
    }
    [[nodiscard]] bool eventually(const std::function<bool()>& holds) {
        const auto give_up_at = std::chrono::steady_clock::now() + patience;
        while (!holds()) {
            if (std::chrono::steady_clock::now() > give_up_at) return false;
            const MutexLock lock(mutex_);
            changed_.wait_for(mutex_, 20ms);
        }
        return true;
    }

private:
    void count_wake() {
        const MutexLock lock(mutex_);
        ++wakes_;
        changed_.notify_all();
    }
    void count_death(const std::string& name) {
        const MutexLock lock(mutex_);
        ++deaths_[name];
        changed_.notify_all();
    }

    Mutex mutex_;
    Condition changed_;
    int wakes_ ARCHAEO_GUARDED_BY(mutex_) = 0;
    std::map<std::string, int> deaths_ ARCHAEO_GUARDED_BY(mutex_);
};

std::unique_ptr<Neighbours> join(const std::string& run_dir, Neighbours::Events events = {}) {
    auto neighbours = Neighbours::join(run_dir, std::move(events));
    REQUIRE_MESSAGE(neighbours.has_value(), neighbours.error().message);
    return std::move(neighbours).value();
}

// A pair of connected sockets that keep messages apart.
struct Line {
    Fd ours;
    Fd theirs;
    Line() {
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) std::abort();
        ours.reset(ends[0]);
        theirs.reset(ends[1]);
    }
};

void tell(const Fd& line, std::string_view message) {
    static_cast<void>(::send(line.get(), message.data(), message.size(), MSG_NOSIGNAL));
}

std::string hear(const Fd& line) {
    pollfd ready{line.get(), POLLIN, 0};
    std::array<char, 200> buffer{};
    if (::poll(&ready, 1, std::chrono::milliseconds{patience}.count()) <= 0) return "nothing";
    const ssize_t size = ::recv(line.get(), buffer.data(), buffer.size(), 0);
    return std::string(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(0, size)));
}

// Takes part in a process of its own once it is told to. To be made before this process has a second thread: a child of
// a fork may only start threads when there was one.
class OtherProcess {
public:
    explicit OtherProcess(const std::string& run_dir) : child_([&] { return live(run_dir, line_.theirs); }) {}
    ~OtherProcess() { child_.kill(); }

    std::string join() {
        tell(line_.ours, "join");
        return hear(line_.ours);
    }
    void wake_others() { tell(line_.ours, "wake others"); }
    [[nodiscard]] std::string hears() { return hear(line_.ours); }
    [[nodiscard]] int leave() {
        tell(line_.ours, "leave");
        return child_.wait();
    }
    void kill() {
        child_.kill();
        static_cast<void>(child_.wait());
    }

private:
    static int live(const std::string& run_dir, const Fd& line) {
        std::unique_ptr<Neighbours> neighbours;
        for (;;) {
            const std::string order = hear(line);
            if (order == "join") {
                auto joined = Neighbours::join(run_dir, {.woken = [&] { tell(line, "woken"); }, .died = {}});
                if (!joined) return 1;
                neighbours = std::move(joined).value();
                tell(line, neighbours->name());
            } else if (order == "wake others") {
                Waker(run_dir).wake_others(neighbours->name());
            } else {
                return order == "leave" ? 0 : 1;  // the destructor leaves
            }
        }
    }

    Line line_;
    ChildProcess child_;
};

void make_old(const TemporaryFolder& folder, const std::string& name) {
    const timespec times[2] = {{std::time(nullptr) - 120, 0}, {std::time(nullptr) - 120, 0}};
    REQUIRE(::utimensat(AT_FDCWD, folder.path(name).c_str(), times, 0) == 0);
}

std::vector<std::string> sorted(std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace

TEST_CASE("a killed process is reported dead until it is forgotten; those who live or left are not") {
    const TemporaryFolder run;
    OtherProcess first(run.path());
    OtherProcess second(run.path());
    OtherProcess living(run.path());
    OtherProcess leaving(run.path());
    Seen seen;
    const auto neighbours = join(run.path(), seen.events());
    const std::string first_name = first.join();
    const std::string second_name = second.join();
    const std::string living_name = living.join();
    const std::string leaving_name = leaving.join();
    for (const auto& name : {first_name, second_name, living_name, leaving_name}) {
        CHECK(neighbours->life_of(name) == Life::alive);
    }

    CHECK(leaving.leave() == 0);
    CHECK(neighbours->life_of(leaving_name) == Life::dead);
    first.kill();
    CHECK(neighbours->life_of(first_name) == Life::dead);
    CHECK(seen.eventually([&] { return seen.deaths(first_name) == 2; }));
    neighbours->forget(first_name);
    CHECK_FALSE(std::filesystem::exists(run.path(first_name + ".lock")));
    CHECK_FALSE(std::filesystem::exists(run.path(first_name + ".sock")));
    CHECK(neighbours->life_of(first_name) == Life::dead);

    second.kill();
    CHECK(seen.eventually([&] { return seen.deaths(second_name) == 3; }));
    CHECK(seen.deaths(first_name) == 2);
    CHECK(seen.deaths(living_name) == 0);
    CHECK(seen.deaths(leaving_name) == 0);
    CHECK(neighbours->life_of(living_name) == Life::alive);
}

TEST_CASE("one who joins learns of those who died before") {
    const TemporaryFolder run;
    OtherProcess dead(run.path());
    const std::string dead_name = dead.join();
    dead.kill();
    Seen seen;
    const auto neighbours = join(run.path(), seen.events());
    CHECK(seen.eventually([&] { return seen.deaths(dead_name) > 0; }));
}

TEST_CASE("whoever hears of a death may forget the dead there and then") {
    const TemporaryFolder run;
    OtherProcess dead(run.path());
    const std::string dead_name = dead.join();
    dead.kill();
    Seen seen;
    Neighbours::Events events = seen.events();
    events.died = [told = events.died](const std::string& name) {
        static_cast<void>(told(name));
        return Neighbours::After::forget;
    };
    const auto neighbours = join(run.path(), events);
    CHECK(seen.eventually([&] { return !std::filesystem::exists(run.path(dead_name + ".lock")); }));
    CHECK(seen.deaths(dead_name) > 0);
}

TEST_CASE("a wake reaches another process, and one of another process reaches this") {
    const TemporaryFolder run;
    OtherProcess other(run.path());
    Seen seen;
    const auto neighbours = join(run.path(), seen.events());
    const std::string other_name = other.join();
    CHECK(is_participant(other_name));
    CHECK(is_participant(neighbours->name()));
    Waker waker(run.path());
    waker.wake_others(neighbours->name());
    CHECK(other.hears() == "woken");
    CHECK(seen.wakes() == 0);
    other.wake_others();
    CHECK(seen.eventually([&] { return seen.wakes() == 1; }));
}

TEST_CASE("a waiting datagram is never forgotten: who was woken a thousand times is woken after the last") {
    const TemporaryFolder run;
    std::atomic<int> committed = 0;
    std::atomic<int> looked_at = 0;
    Seen seen;
    Neighbours::Events events = seen.events();
    events.woken = [&, told = events.woken] {
        looked_at = committed.load();
        told();
    };
    const auto neighbours = join(run.path(), events);
    Waker waker(run.path());
    for (int i = 0; i < 1'000; ++i) {
        ++committed;
        waker.wake_others({});
    }
    CHECK(seen.eventually([&] { return looked_at == 1'000; }));
    CHECK(seen.wakes() <= 1'000);
}

TEST_CASE("several of one process see each other alive and wake each other") {
    const TemporaryFolder run;
    Seen seen;
    const auto first = join(run.path(), seen.events());
    auto second = join(run.path());
    CHECK(first->name() != second->name());
    CHECK(first->life_of(second->name()) == Life::alive);
    CHECK(second->life_of(first->name()) == Life::alive);
    CHECK(first->life_of(first->name()) == Life::alive);
    Waker(run.path()).wake_others(second->name());
    CHECK(seen.eventually([&] { return seen.wakes() == 1; }));
    const std::string second_name = second->name();
    second.reset();
    CHECK(first->life_of(second_name) == Life::dead);
}

TEST_CASE("who leaves takes its files along") {
    const TemporaryFolder run;
    run.write("catalog.lock");
    {
        const auto neighbours = join(run.path());
        CHECK(sorted(run.files()) ==
              sorted({"catalog.lock", neighbours->name() + ".lock", neighbours->name() + ".sock"}));
    }
    CHECK(run.files() == std::vector<std::string>{"catalog.lock"});
}

TEST_CASE("who lives is not forgotten, nor is what is nobody's") {
    const TemporaryFolder run;
    run.write("catalog.lock");
    const auto first = join(run.path());
    const auto second = join(run.path());
    first->forget(second->name());
    first->forget(first->name());
    first->forget("catalog");
    first->forget("../" + second->name());
    CHECK(run.files().size() == 5);
    CHECK(first->life_of("catalog") == Life::dead);
    CHECK(first->life_of("") == Life::dead);
}

TEST_CASE("neighbours meet in a folder whose path is longer than a socket's may be") {
    const TemporaryFolder data;
    const std::string run_dir = data.path(std::string(120, 'a') + "/" + std::string(120, 'b') + "/run");
    std::filesystem::create_directories(run_dir);
    OtherProcess other(run_dir);
    const auto neighbours = join(run_dir);
    CHECK(neighbours->life_of(other.join()) == Life::alive);
    Waker(run_dir).wake_others(neighbours->name());
    CHECK(other.hears() == "woken");
}

TEST_CASE("joining removes what others left who died while they joined, and nothing else") {
    const TemporaryFolder run;
    const std::vector<std::string> kept = {
        "1-00000000000000ab.sock", "2-00000000000000ab.new", "catalog.lock", "other.sock",
        "3-00000000000000ab.lock", "3-00000000000000ab.sock"};
    for (const auto& name : kept) run.write(name);
    for (const auto& name : {kept[2], kept[3], kept[4], kept[5]}) make_old(run, name);
    for (const auto* name : {"4-00000000000000ab.sock", "5-00000000000000ab.new"}) {
        run.write(name);
        make_old(run, name);
    }
    join(run.path());
    CHECK(sorted(run.files()) == sorted(kept));
}

TEST_CASE("a process is never seen with a free lock while it comes and goes") {
    const TemporaryFolder run;
    ChildProcess restless([&] {
        for (int i = 0; i < 300; ++i) {
            if (!Neighbours::join(run.path(), {})) return 1;
        }
        run.write("done");
        return 0;
    });
    const auto folder = RunFolder::open(run.path());
    REQUIRE(folder.has_value());
    int seen_held = 0;
    int seen_free = 0;
    while (!std::filesystem::exists(run.path("done"))) {
        const auto names = folder->list(lock_suffix);
        REQUIRE(names.has_value());
        for (const std::string& name : *names) {
            const Fd lock(::openat(folder->fd(), (name + ".lock").c_str(), O_RDONLY | O_CLOEXEC));
            if (!lock) continue;
            struct stat status {};
            const Held held = probe_lock(lock.get());
            if (held == Held::yes) ++seen_held;
            if (held == Held::no && ::fstat(lock.get(), &status) == 0 && status.st_nlink > 0) ++seen_free;
        }
    }
    CHECK(restless.wait() == 0);
    CHECK(seen_free == 0);
    CHECK(seen_held > 0);
}

TEST_CASE("a folder that is not there or closed gives its error by name and leaves nothing") {
    const TemporaryFolder data;
    const auto absent = Neighbours::join(data.path("run"), {});
    REQUIRE_FALSE(absent.has_value());
    CHECK(absent.error().code == Code::io_error);
    CHECK(absent.error().message.find(data.path("run")) != std::string::npos);

    std::filesystem::create_directory(data.path("closed"));
    REQUIRE(::chmod(data.path().c_str(), 0755) == 0);
    REQUIRE(::chmod(data.path("closed").c_str(), 0555) == 0);
    const int code = run_in_child([&data] {
        // Root may write everywhere.
        const passwd* nobody = ::geteuid() == 0 ? ::getpwnam("nobody") : nullptr;
        if (nobody != nullptr && ::setuid(nobody->pw_uid) != 0) return 101;
        const auto closed = Neighbours::join(data.path("closed"), {});
        return closed ? 100 : static_cast<int>(closed.error().code);
    });
    CHECK(code == static_cast<int>(Code::permission_denied));
    CHECK(data.files().empty());
}
