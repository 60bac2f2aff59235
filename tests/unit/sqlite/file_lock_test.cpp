#include "sqlite/file_lock.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "support/temporary_folder.hpp"

using namespace archaeologist;
using sqlite::FileLock;
using namespace std::chrono_literals;

TEST_CASE("one alone has the lock, until it lets go") {
    const TemporaryFolder folder;
    // Two open files on one lock are as strange to each other as two processes.
    FileLock one = FileLock::open(folder.path("lock")).value();
    FileLock other = FileLock::open(folder.path("lock")).value();
    {
        const auto held = one.take(0ms);
        REQUIRE(held.has_value());
        const auto refused = other.take(20ms);
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == Code::unavailable);
        CHECK(refused.error().message.find("20 ms") != std::string::npos);
    }
    CHECK(other.take(30s).has_value());
    CHECK(one.take(30s).has_value());
}

TEST_CASE("who waits gets the lock when it is let go") {
    const TemporaryFolder folder;
    FileLock one = FileLock::open(folder.path("lock")).value();
    FileLock other = FileLock::open(folder.path("lock")).value();
    auto held = std::make_unique<FileLock::Held>(one.take(0ms).value());
    std::atomic<bool> has_it = false;
    std::thread waiting([&] { has_it = other.take(30s).has_value(); });
    held.reset();
    waiting.join();
    CHECK(has_it);
}

TEST_CASE("who gave up does not get the lock after all") {
    const TemporaryFolder folder;
    FileLock one = FileLock::open(folder.path("lock")).value();
    FileLock third = FileLock::open(folder.path("lock")).value();
    for (int round = 0; round < 20; ++round) {
        FileLock other = FileLock::open(folder.path("lock")).value();
        {
            const auto held = one.take(30s);
            REQUIRE(held.has_value());
            CHECK_FALSE(other.take(1ms).has_value());
            CHECK_FALSE(other.take(1ms).has_value());
        }
        CHECK(third.take(30s).has_value());
        if (round % 2 == 0) CHECK(other.take(30s).has_value());
    }
}

TEST_CASE("many take turns and none is ever beside another") {
    const TemporaryFolder folder;
    std::atomic<int> inside = 0;
    std::atomic<int> worst = 0;
    std::vector<std::thread> threads;
    threads.reserve(6);
    for (int i = 0; i < 6; ++i) {
        threads.emplace_back([&] {
            FileLock lock = FileLock::open(folder.path("lock")).value();
            for (int turn = 0; turn < 200; ++turn) {
                const auto held = lock.take(turn % 3 == 0 ? 0ms : 30'000ms);
                if (!held) continue;
                worst = std::max(worst.load(), ++inside);
                --inside;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(worst == 1);
}

TEST_CASE("a lock that cannot be made says why") {
    CHECK(FileLock::open("/nosuch/folder/lock").error().message.find("/nosuch/folder/lock") != std::string::npos);
}
