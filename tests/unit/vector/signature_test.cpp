#include "vector/signature.hpp"

#include <doctest/doctest.h>
#include <utf8proc.h>

#include <random>
#include <string>
#include <vector>

using namespace archaeologist;

namespace {

std::string random_text(std::mt19937_64& rng, std::size_t bytes) {
    static const std::string letters = "etaoinshrdlu cmfwypvbgkqjxz_(); \nAB";
    std::string text;
    for (std::size_t i = 0; i < bytes; ++i) text += letters[rng() % letters.size()];
    return text;
}

}  // namespace

TEST_CASE("what is in a text is in its signature, in any case") {
    std::mt19937_64 rng(1);
    for (int turn = 0; turn < 2'000; ++turn) {
        const std::string text = random_text(rng, 10 + rng() % 3'000);
        const std::size_t begin = rng() % text.size();
        std::string literal = text.substr(begin, 1 + rng() % 40);
        if (rng() % 2 == 0) literal[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(literal[0])));
        const SignatureProbe probe(literal);
        CHECK(probe.is_whole(probe.presence_in(make_signature(text).bits)));
        CHECK(probe.is_whole(probe.presence_in({})));
    }
}

TEST_CASE("a literal that begins in one text and ends in the next may cross, wherever it is cut") {
    std::mt19937_64 rng(2);
    for (int turn = 0; turn < 3'000; ++turn) {
        const std::string text = random_text(rng, 400);
        const std::size_t size = 2 + rng() % 30;
        const std::size_t cut = 1 + rng() % (size - 1);
        const SignatureProbe probe(text.substr(200 - cut, size));
        const auto first = probe.presence_in(make_signature(text.substr(0, 200)).bits);
        const auto second = probe.presence_in(make_signature(text.substr(200)).bits);
        CHECK(probe.may_cross(first, second));
        CHECK(probe.fits_border(make_signature(text.substr(0, 200)).tail, make_signature(text.substr(200)).head));
        // No literal has this byte.
        CHECK_FALSE(probe.fits_border(make_signature(text.substr(0, 200)).tail, "@"));
        CHECK(probe.fits_border({}, "@"));
    }
}

TEST_CASE("a literal may begin before a small text and end behind it") {
    const SignatureProbe probe("one Text of four");
    const auto fits = [&](std::string_view first, std::string_view second) {
        return probe.fits_border(make_signature(first).tail, make_signature(second).head);
    };
    CHECK(fits("this is one ", "text"));
    CHECK(fits("TEXT", " of four"));
    CHECK(fits("text", " of"));
    CHECK_FALSE(fits("this is one", "text"));
    CHECK_FALSE(fits("texts", " of four"));
    CHECK_FALSE(fits("this is one ", "texts"));
}

TEST_CASE("most texts that do not hold a literal are told by their signatures") {
    std::mt19937_64 rng(3);
    std::vector<std::string> words(200);
    for (std::string& word : words) word = random_text(rng, 3 + rng() % 6) + ' ';
    int wrong = 0;
    for (int turn = 0; turn < 500; ++turn) {
        const SignatureProbe probe("certainly_absent");
        std::string text;
        while (text.size() < 8'000) text += words[rng() % words.size()];
        wrong += probe.is_whole(probe.presence_in(make_signature(text).bits)) ? 1 : 0;
    }
    CHECK(wrong < 25);
    CHECK(make_signature(std::string(33'000, 'x')).bits.size() == signature_bytes_max);
    CHECK(make_signature("x").bits.size() == 8);
}

TEST_CASE("a character and its small letter are folded alike, for every character") {
    for (utf8proc_int32_t character = 1; character < 0x110000; ++character) {
        if (character >= 0xD800 && character < 0xE000) continue;
        const auto text_of = [](utf8proc_int32_t one) {
            utf8proc_uint8_t bytes[4];
            const auto size = utf8proc_encode_char(one, bytes);
            return std::string(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
        };
        const auto small = utf8proc_tolower(character);
        if (small == character) continue;
        CAPTURE(character);
        CHECK(fold_for_signature(text_of(character)) == fold_for_signature(text_of(small)));
    }
}
