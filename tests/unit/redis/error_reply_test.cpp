#include "redis/error_reply.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace archaeologist;
using namespace archaeologist::redis;

TEST_CASE("an error reply means what its first word says") {
    struct Case {
        std::string_view text;
        Remedy remedy;
        Code code;
    };
    const std::vector<Case> cases{
        {"LOADING Redis is loading the dataset in memory", Remedy::wait, Code::unavailable},
        {"BUSY Redis is busy running a script.", Remedy::wait, Code::unavailable},
        {"BUSYGROUP Consumer Group name already exists", Remedy::none, Code::internal},
        {"MASTERDOWN Link with MASTER is down", Remedy::wait, Code::unavailable},
        {"TRYAGAIN Multiple keys request during rehashing of slot", Remedy::wait, Code::unavailable},
        {"CLUSTERDOWN The cluster is down", Remedy::find_primary, Code::unavailable},
        {"READONLY You can't write against a read only replica.", Remedy::find_primary, Code::unavailable},
        {"NOSCRIPT No matching script.", Remedy::load_script, Code::unavailable},
        {"MOVED 1 127.0.0.1:1", Remedy::move, Code::unavailable},
        {"ASK 1 127.0.0.1:1", Remedy::ask, Code::unavailable},
        {"OOM command not allowed when used memory > 'maxmemory'.", Remedy::none, Code::storage_full},
        {"MISCONF Redis is configured to save RDB snapshots", Remedy::none, Code::storage_full},
        {"NOAUTH Authentication required.", Remedy::none, Code::permission_denied},
        {"WRONGPASS invalid username-password pair", Remedy::none, Code::permission_denied},
        {"NOPERM this user has no permissions", Remedy::none, Code::permission_denied},
        {"ERR max number of clients reached", Remedy::wait, Code::unavailable},
        {"ERR unknown command", Remedy::none, Code::internal},
        {"ERR Error running script (call to f_1): @user_script:1: @user_script: 1: -OOM command not allowed",
         Remedy::none, Code::storage_full},
        {"LEASE_LOST job 7", Remedy::none, Code::lease_lost},
        {"lease_lost job 7", Remedy::none, Code::internal},
        {"CONFLICT", Remedy::none, Code::conflict},
    };
    for (const Case& one : cases) {
        CAPTURE(one.text);
        const Meaning meaning = meaning_of(one.text, "redis a:1");
        CHECK(meaning.remedy == one.remedy);
        CHECK(meaning.error.code == one.code);
    }
    CHECK(meaning_of("LEASE_LOST job 7", "redis a:1").error.message == "job 7");
    CHECK(meaning_of("OOM no", "redis a:1").error.message == "Redis is full: redis a:1: OOM no");
    CHECK(meaning_of("ERR no", "redis a:1").error.message == "redis a:1: ERR no");
}

TEST_CASE("a redirection names host and port, IPv6 and unknown hosts too") {
    CHECK(redirection_of("MOVED 3999 10.0.0.1:6381")->host == "10.0.0.1");
    CHECK(redirection_of("MOVED 3999 10.0.0.1:6381")->port == 6381);
    CHECK(redirection_of("ASK 3999 fe80::1:6381")->host == "fe80::1");
    CHECK(redirection_of("MOVED 3999 :6381")->host.empty());
    CHECK_FALSE(redirection_of("MOVED 3999 10.0.0.1").has_value());
    CHECK_FALSE(redirection_of("MOVED 3999 10.0.0.1:70000").has_value());
    CHECK_FALSE(redirection_of("MOVED").has_value());
}
