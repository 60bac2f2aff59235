#include "queue/sqlite/waker.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>

#include <cerrno>
#include <filesystem>

#include "support/temporary_folder.hpp"

using namespace archaeologist;
using namespace archaeologist::sqlite;

namespace {

// One that takes part as far as a waker can see.
class Sleeper {
public:
    explicit Sleeper(const std::string& run_dir)
        : folder_(RunFolder::open(run_dir).value()), fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        const sockaddr_un address = folder_.socket_address(name);
        REQUIRE(::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    }
    ~Sleeper() {
        if (fd_) folder_.remove(name, socket_suffix);
    }

    // Datagrams that lie there; datagrams between sockets of one machine arrive before send() returns.
    [[nodiscard]] int wakes() const {
        int count = 0;
        char ignored = 0;
        while (::recv(fd_.get(), &ignored, 1, MSG_DONTWAIT) >= 0) ++count;
        return count;
    }
    void die() { fd_.reset(); }

    const std::string name = new_participant();

private:
    RunFolder folder_;
    Fd fd_;
};

}  // namespace

TEST_CASE("a waker wakes everyone but itself, once a call") {
    const TemporaryFolder run;
    const Sleeper self(run.path());
    const Sleeper first(run.path());
    const Sleeper second(run.path());
    run.write("catalog.lock");
    run.write("catalog.sock");
    Waker waker(run.path());
    waker.wake_others(self.name);
    CHECK(first.wakes() == 1);
    CHECK(second.wakes() == 1);
    CHECK(self.wakes() == 0);
    waker.wake_others({});
    CHECK(first.wakes() == 1);
    CHECK(self.wakes() == 1);
}

TEST_CASE("one who comes is woken by the next call, however soon after the last") {
    const TemporaryFolder run;
    Waker waker(run.path());
    std::vector<std::unique_ptr<Sleeper>> sleepers;
    for (int i = 0; i < 100; ++i) {
        sleepers.push_back(std::make_unique<Sleeper>(run.path()));
        waker.wake_others({});
        REQUIRE(sleepers.back()->wakes() == 1);
    }
    CHECK(sleepers.front()->wakes() >= 1);
}

TEST_CASE("one who does not read keeps nobody from being woken and blocks nobody") {
    const TemporaryFolder run;
    const Sleeper stopped(run.path());
    const Sleeper awake(run.path());
    Waker waker(run.path());
    for (int i = 0; i < 1'000; ++i) {
        waker.wake_others({});
        REQUIRE(awake.wakes() == 1);
    }
    CHECK(stopped.wakes() >= 1);
}

TEST_CASE("one who died is passed over, and one who left is forgotten") {
    const TemporaryFolder run;
    Waker waker(run.path());
    const Sleeper awake(run.path());
    Sleeper dead(run.path());
    {
        const Sleeper leaving(run.path());
        waker.wake_others({});
        CHECK(leaving.wakes() == 1);
    }
    dead.die();
    for (int i = 0; i < 3; ++i) waker.wake_others({});
    CHECK(awake.wakes() == 4);
}

TEST_CASE("a waker may be made before its folder") {
    const TemporaryFolder data;
    Waker waker(data.path("run"));
    waker.wake_others({});
    std::filesystem::create_directory(data.path("run"));
    const Sleeper sleeper(data.path("run"));
    waker.wake_others({});
    CHECK(sleeper.wakes() == 1);
}
