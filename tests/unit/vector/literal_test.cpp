#include "vector/literal.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

using namespace archaeologist;

namespace {

std::vector<std::string> characters_of(std::string_view text) {
    std::vector<std::string> characters;
    for (const char c : text) {
        if ((static_cast<unsigned char>(c) & 0xC0) == 0x80) {
            characters.back() += c;
        } else {
            characters.emplace_back(1, c);
        }
    }
    return characters;
}

bool is_word(const std::string& character) {
    static const std::string words = "abkscABCDßéÉſ_7会";
    return words.find(character) != std::string::npos || character == "\u212A";
}

std::string folded(const std::string& character) {
    if (character == "É") return "é";
    if (character == "ſ" || character == "S") return "s";
    if (character == "\u212A" || character == "K") return "k";
    if (character.size() == 1 && character[0] >= 'A' && character[0] <= 'Z') {
        return std::string(1, static_cast<char>(character[0] | 0x20));
    }
    return character;
}

// Character by character, from the definition.
std::vector<ByteRange> naive(std::string_view text, std::string_view literal, LetterCase letter_case, WordRule rule) {
    const auto hay = characters_of(text);
    const auto needle = characters_of(literal);
    std::vector<std::size_t> offsets{0};
    for (const auto& character : hay) offsets.push_back(offsets.back() + character.size());
    std::vector<ByteRange> found;
    for (std::size_t i = 0; i + needle.size() <= hay.size();) {
        bool is_match = true;
        for (std::size_t j = 0; j < needle.size() && is_match; ++j) {
            is_match =
                letter_case == LetterCase::exact ? hay[i + j] == needle[j] : folded(hay[i + j]) == folded(needle[j]);
        }
        const std::size_t end = i + needle.size();
        if (is_match && rule == WordRule::whole_word) {
            is_match = (i == 0 || !is_word(hay[i - 1])) && (end == hay.size() || !is_word(hay[end]));
        }
        if (is_match) found.push_back({offsets[i], offsets[end]});
        i = is_match ? end : i + 1;
    }
    return found;
}

std::vector<ByteRange> find_literal(std::string_view text, std::string_view literal, LetterCase letter_case,
                                    WordRule rule) {
    LiteralScanner scanner(literal, letter_case, rule);
    return find_all(text, scanner);
}

std::vector<ByteRange> in_pieces(std::string_view text, LiteralScanner& scanner, std::mt19937_64& rng) {
    std::vector<ByteRange> found;
    const auto characters = characters_of(text);
    std::string piece;
    for (const auto& character : characters) {
        piece += character;
        if (rng() % 5 != 0) continue;
        const auto& some = scanner.push(piece);
        found.insert(found.end(), some.begin(), some.end());
        piece.clear();
    }
    const auto& some = scanner.push(piece);
    found.insert(found.end(), some.begin(), some.end());
    const auto& rest = scanner.finish();
    found.insert(found.end(), rest.begin(), rest.end());
    return found;
}

}  // namespace

TEST_CASE("it finds what a character by character search finds, wherever the pieces are cut") {
    const std::vector<std::string> alphabet = {"a", "b", "A",      "B", " ", "é",  "É",
                                               "ſ", "s", "\u212A", "k", "_", "会", "-"};
    std::mt19937_64 rng(3);
    const auto random_text = [&](std::size_t size, std::size_t letters) {
        std::string text;
        for (std::size_t i = 0; i < size; ++i) text += alphabet[rng() % letters];
        return text;
    };
    std::size_t found = 0;
    for (int round = 0; round < 6'000; ++round) {
        const std::size_t letters = 2 + rng() % (alphabet.size() - 1);
        const std::string text = random_text(rng() % 120, letters);
        const std::string literal = random_text(1 + rng() % 4, letters);
        const auto letter_case = rng() % 2 == 0 ? LetterCase::exact : LetterCase::ignore;
        const auto rule = rng() % 2 == 0 ? WordRule::anywhere : WordRule::whole_word;
        LiteralScanner scanner(literal, letter_case, rule);
        const auto expected = naive(text, literal, letter_case, rule);
        CAPTURE(text);
        CAPTURE(literal);
        CHECK(in_pieces(text, scanner, rng) == expected);
        CHECK(in_pieces(text, scanner, rng) == expected);
        CHECK(find_literal(text, literal, letter_case, rule) == expected);
        found += expected.size();
    }
    CHECK(found > 1'000);
}

TEST_CASE("overlapping occurrences count leftmost and without overlap") {
    const auto found = find_literal("aaaaa", "aa", LetterCase::exact, WordRule::anywhere);
    CHECK(found == std::vector<ByteRange>{{0, 2}, {2, 4}});
}

TEST_CASE("ignoring case folds characters of other lengths and gives ranges of the text itself") {
    const std::string text = "x \u212Aelvin STRASSE Straße ÎLE";
    CHECK(find_literal(text, "kelvin", LetterCase::ignore, WordRule::whole_word) == std::vector<ByteRange>{{2, 10}});
    CHECK(find_literal(text, "île", LetterCase::ignore, WordRule::anywhere) == std::vector<ByteRange>{{27, 31}});
    // Simple folding: ß is not ss.
    CHECK(find_literal(text, "strasse", LetterCase::ignore, WordRule::anywhere).size() == 1);
    CHECK(find_literal("STRAẞE", "straße", LetterCase::ignore, WordRule::anywhere).size() == 1);
}

TEST_CASE("a whole word has no letter, digit or underscore beside it") {
    const auto count = [](std::string_view text) {
        return find_literal(text, "id", LetterCase::exact, WordRule::whole_word).size();
    };
    CHECK(count("id") == 1);
    CHECK(count("(id)") == 1);
    CHECK(count("id-id") == 2);
    CHECK(count("sheet_id") == 0);
    CHECK(count("id2") == 0);
    CHECK(count("éid") == 0);
    CHECK(count("id\xCC\x81") == 0);
    CHECK(count("、id。") == 1);
}
