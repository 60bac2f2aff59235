#include "archaeologist/id.hpp"

#include <doctest/doctest.h>

using namespace archaeologist;

TEST_CASE("a version 5 id is the one RFC 9562 gives for the same name") {
    const auto dns = Uuid::parse("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
    REQUIRE(dns);
    CHECK(Uuid::v5(*dns, "www.example.com").text() == "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

TEST_CASE("version 7 ids strictly increase, also within a millisecond and when the clock steps back") {
    const auto now = from_ms(1'800'000'000'000);
    Uuid last = Uuid::v7(now);
    for (int i = 0; i < 10'000; ++i) {
        const Uuid next = Uuid::v7(i % 3 == 0 ? now - std::chrono::seconds{5} : now);
        REQUIRE(next > last);
        CHECK((next.bytes[6] >> 4) == 7);
        CHECK((next.bytes[8] >> 6) == 2);
        last = next;
    }
}

TEST_CASE("an id's text parses back to itself and nothing else is taken") {
    const Uuid id = Uuid::v7(from_ms(1));
    CHECK(Uuid::parse(id.text()) == id);
    for (const auto* bad : {"", "x", "6ba7b810-9dad-11d1-80b4-00c04fd430c", "6ba7b8109-dad-11d1-80b4-00c04fd430c8",
                            "6ba7b810-9dad-11d1-80b4-00c04fd430cg"}) {
        CHECK_FALSE(Uuid::parse(bad));
    }
}

TEST_CASE("a content hash is the SHA-256 of the bytes") {
    CHECK(ContentHash::of("abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(ContentHash::parse(ContentHash::of("").hex()) == ContentHash::of(""));
    CHECK_FALSE(ContentHash::parse("ba78"));
}
