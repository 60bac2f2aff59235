#include "queue/sqlite/run_folder.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <algorithm>

#include "support/temporary_folder.hpp"

using namespace archaeologist;
using namespace archaeologist::sqlite;
using namespace std::chrono_literals;

namespace {

void set_changed_at(const RunFolder& folder, std::time_t seconds) {
    const timespec times[2] = {{seconds, 0}, {seconds, 0}};
    REQUIRE(::futimens(folder.fd(), times) == 0);
}

}  // namespace

TEST_CASE("a participant is a number, a dash and sixteen hexadecimal digits") {
    CHECK(is_participant("1-0123456789abcdef"));
    CHECK(is_participant("4194304-0000000000000000"));
    CHECK(is_participant(new_participant()));
    CHECK(new_participant() != new_participant());
    for (const std::string name :
         {"", "-", "catalog", "1-", "-0123456789abcdef", "1-0123456789abcde", "1-0123456789abcdef0",
          "1-0123456789abcdeF", "1-0123456789abcdeg", "x-0123456789abcdef", "12345678901-0123456789abcdef",
          "1-0123456789abc/../", "1--123456789abcdef", "../1-0123456789abcdef"}) {
        CAPTURE(name);
        CHECK_FALSE(is_participant(name));
    }
}

TEST_CASE("a run folder lists the participants that have a file of a kind, and nothing else") {
    const TemporaryFolder files;
    for (const auto* name : {"1-0123456789abcdef.lock", "1-0123456789abcdef.sock", "2-0123456789abcdef.lock",
                             "catalog.lock", "3-0123456789abcdef.lock.old", "lock", ".lock"}) {
        files.write(name);
    }
    const auto folder = RunFolder::open(files.path());
    REQUIRE(folder.has_value());
    auto names = folder->list(lock_suffix);
    REQUIRE(names.has_value());
    std::sort(names->begin(), names->end());
    CHECK(*names == std::vector<std::string>{"1-0123456789abcdef", "2-0123456789abcdef"});
    CHECK(folder->list(socket_suffix) == std::vector<std::string>{"1-0123456789abcdef"});
}

TEST_CASE("a run folder that is not there is an io_error that names it") {
    const TemporaryFolder files;
    const auto folder = RunFolder::open(files.path("run"));
    REQUIRE_FALSE(folder.has_value());
    CHECK(folder.error().code == Code::io_error);
    CHECK(folder.error().message.find(files.path("run")) != std::string::npos);
}

TEST_CASE("a folder is listed again after a change, and once more when later changes must bear a later time") {
    const TemporaryFolder files;
    const auto folder = RunFolder::open(files.path());
    REQUIRE(folder.has_value());
    FolderChanges changes;
    std::chrono::steady_clock::time_point now{};
    set_changed_at(*folder, 1'000);
    CHECK(changes.due(*folder, now));
    CHECK(changes.due(*folder, now + 20ms));
    CHECK(changes.due(*folder, now + 100ms));
    CHECK_FALSE(changes.due(*folder, now + 101ms));
    CHECK_FALSE(changes.due(*folder, now + 1h));

    set_changed_at(*folder, 900);  // also when the machine's clock was set back
    now += 2h;
    CHECK(changes.due(*folder, now));
    CHECK(changes.due(*folder, now + 1h));
    CHECK_FALSE(changes.due(*folder, now + 2h));
    changes.missed();
    CHECK(changes.due(*folder, now + 2h));
    CHECK_FALSE(changes.due(*folder, now + 2h));
}
