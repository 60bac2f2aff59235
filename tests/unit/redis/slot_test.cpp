#include "redis/slot.hpp"

#include <doctest/doctest.h>

using namespace archaeologist::redis;

TEST_CASE("slots are those of the Redis Cluster specification") {
    CHECK(slot_of("123456789") == 0x31c3);
    CHECK(slot_of("") == 0);
    CHECK(slot_of("foo") == 12'182);
    CHECK(slot_of("\xff\x80") < slot_count);
}

TEST_CASE("the first hash tag that is not empty decides the slot") {
    CHECK(slot_of("{user1000}.following") == slot_of("user1000"));
    CHECK(slot_of("a{b}{c}") == slot_of("b"));
    CHECK(slot_of("foo{{bar}}zap") == slot_of("{bar"));
    CHECK(slot_of("foo{}{bar}") != slot_of("bar"));
    CHECK(slot_of("foo{bar") != slot_of("bar"));
}
