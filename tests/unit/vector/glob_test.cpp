#include "vector/glob.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using namespace archaeologist;

namespace {
bool matches(std::string_view pattern, std::string_view path) { return Glob(pattern).matches(path); }
}  // namespace

TEST_CASE("a star stays within a folder, two stars cross folders") {
    CHECK(matches("src/*.cpp", "src/main.cpp"));
    CHECK_FALSE(matches("src/*.cpp", "src/deep/main.cpp"));
    CHECK(matches("src/**.cpp", "src/deep/main.cpp"));
    CHECK(matches("src/**", "src/deep/main.cpp"));
    CHECK_FALSE(matches("src/**", "source/main.cpp"));
    CHECK(matches("**", "any/thing"));
}

TEST_CASE("two stars and a slash stand for any folders, also for none") {
    CHECK(matches("**/a.c", "a.c"));
    CHECK(matches("**/a.c", "x/y/a.c"));
    CHECK_FALSE(matches("**/a.c", "x/ba.c"));
    CHECK(matches("x/**/a.c", "x/a.c"));
    CHECK(matches("x/**/a.c", "x/1/2/a.c"));
    CHECK_FALSE(matches("x/**/a.c", "xa.c"));
    CHECK(matches("**/b/**/*.h", "a/b/c/d/e.h"));
    CHECK(matches("**/**/e.h", "e.h"));
}

TEST_CASE("a pattern without a slash is compared with the path's last part") {
    CHECK(matches("*.sql", "db/schema/tables.sql"));
    CHECK(matches("tables.sql", "db/tables.sql"));
    CHECK_FALSE(matches("schema", "db/schema/tables.sql"));
}

TEST_CASE("a question mark is one character, not one byte, and no slash") {
    CHECK(matches("?.txt", "é.txt"));
    CHECK(matches("会?.md", "会計.md"));
    CHECK_FALSE(matches("a?b/c", "a/b/c"));
    CHECK_FALSE(matches("?", ""));
}

TEST_CASE("everything else stands for itself") {
    CHECK(matches("a[1].txt", "a[1].txt"));
    CHECK_FALSE(matches("a[1].txt", "a1.txt"));
    CHECK(matches("", ""));
    CHECK_FALSE(matches("a", "b"));
    CHECK(matches("a\xFF*", "a\xFF\xFE"));
}

TEST_CASE("a pattern of many stars costs no more than the product of the lengths") {
    std::string pattern = "/";
    for (int i = 0; i < 300; ++i) pattern += "*a";
    pattern += "**b*";
    const std::string path = "/" + std::string(1'000, 'a');
    const auto begin = std::chrono::steady_clock::now();
    CHECK_FALSE(matches(pattern, path));
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(2));
}
