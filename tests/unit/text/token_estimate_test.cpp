#include "text/token_estimate.hpp"

#include <doctest/doctest.h>

#include <array>
#include <random>
#include <string>

using namespace archaeologist;

namespace {

std::size_t counted_plainly(std::string_view text) {
    std::size_t quarters = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        quarters += byte < 0x80 ? 1U : byte < 0xC0 ? 0U : 4U;
    }
    return quarters;
}

bool begins_code_point(std::string_view text, std::size_t at) {
    return at >= text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
}

}  // namespace

TEST_CASE("four ASCII bytes are a token, and so is any other code point") {
    CHECK(tokens_of(estimate_quarters("")) == 0);
    CHECK(tokens_of(estimate_quarters("abcd")) == 1);
    CHECK(tokens_of(estimate_quarters("abcde")) == 2);
    CHECK(tokens_of(estimate_quarters("会計処理")) == 4);
    CHECK(tokens_of(estimate_quarters("é😀")) == 2);
}

TEST_CASE("prefixes and suffixes are the longest of whole code points that fit") {
    constexpr std::string_view ascii = "a";
    constexpr std::array<std::string_view, 3> wide = {"é", "会", "😀"};
    std::mt19937_64 rng(5);
    for (int round = 0; round < 400; ++round) {
        std::string text;
        const unsigned wide_one_in = 1 + static_cast<unsigned>(rng() % 40);
        for (std::size_t i = rng() % 300; i > 0; --i) {
            text += rng() % wide_one_in != 0 ? ascii : wide[rng() % wide.size()];
        }
        CHECK(estimate_quarters(text) == counted_plainly(text));
        const std::size_t budget = 4 + rng() % 400;
        const std::size_t prefix = prefix_within(text, budget);
        REQUIRE(begins_code_point(text, prefix));
        REQUIRE(counted_plainly(text.substr(0, prefix)) <= budget);
        std::size_t next = prefix + 1;
        while (!begins_code_point(text, next)) ++next;
        if (prefix < text.size()) REQUIRE(counted_plainly(text.substr(0, next)) > budget);

        const std::size_t suffix = suffix_within(text, budget);
        REQUIRE(begins_code_point(text, suffix));
        REQUIRE(counted_plainly(text.substr(suffix)) <= budget);
        if (suffix == 0) continue;
        std::size_t earlier = suffix - 1;
        while (!begins_code_point(text, earlier)) --earlier;
        REQUIRE(counted_plainly(text.substr(earlier)) > budget);
    }
}
