#include "vector/qdrant/grams.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>
#include <sstream>
#include <vector>

#include "vector/case_fold.hpp"

using namespace archaeologist;
using namespace archaeologist::qdrant;

namespace {

std::set<std::string> words_of(const std::string& text) {
    std::istringstream stream(text);
    std::set<std::string> words;
    for (std::string word; stream >> word;) words.insert(word);
    return words;
}

bool covers(const std::string& core, const std::string& literal) {
    const auto all = words_of(core);
    const auto sought = words_of(literal);
    return !sought.empty() && std::includes(all.begin(), all.end(), sought.begin(), sought.end());
}

// Whatever it stands in, and wherever a text may be cut.
std::vector<std::string> random_characters(std::mt19937& rng, std::size_t count) {
    static const std::vector<std::string> characters{"a",
                                                     "B",
                                                     "7",
                                                     "_",
                                                     " ",
                                                     ".",
                                                     "\n",
                                                     "k",
                                                     "S",
                                                     "\xE2\x84\xAA",
                                                     "\xC5\xBF",
                                                     "\xC3\xA9",
                                                     "\xC3\x89",
                                                     "\xE6\xA4\x9C",
                                                     "\xE7\xB4\xA2",
                                                     "\xE3\x80\x82",
                                                     "\xF0\x9F\x98\x80",
                                                     "\xD0\x9F",
                                                     "\xC4\xB0",
                                                     "i"};
    std::vector<std::string> made;
    while (made.size() < count) made.push_back(characters[rng() % characters.size()]);
    return made;
}

std::string joined(const std::vector<std::string>& characters, std::size_t begin, std::size_t end) {
    std::string text;
    for (std::size_t at = begin; at < end; ++at) text += characters[at];
    return text;
}

// Cuts the text at random places.
bool any_core_covers(std::mt19937& rng, const std::vector<std::string>& characters, const std::string& sought) {
    std::string before;
    for (std::size_t begin = 0; begin < characters.size();) {
        const std::size_t end = std::min<std::size_t>(begin + 1 + rng() % 60, characters.size());
        const std::string core = joined(characters, begin, end);
        if (covers(grams_of_core(before, core), sought)) return true;
        before += core;
        before.erase(0, before.size() - std::min(before.size(), tail_bytes));
        begin = end;
    }
    return false;
}

}  // namespace

TEST_CASE("a literal is told by its letters side by side, within a word or over several, in any case") {
    const std::string core = grams_of_core("", "int parseConfig_v2(const char* path);");
    for (const char* there : {"parse", "seCon", "CONFIG", "g_v2", "config_v2(const", "(const char*", "path", "int"}) {
        CHECK_MESSAGE(covers(core, grams_of_literal(there)), there);
    }
    for (const char* elsewhere : {"parser", "figure", "paths", "integer", "configs"}) {
        CHECK_FALSE_MESSAGE(covers(core, grams_of_literal(elsewhere)), elsewhere);
    }
    // Two characters of Japanese are enough.
    const std::string japanese = grams_of_core("", "\xE5\x85\xA8\xE6\x96\x87\xE6\xA4\x9C\xE7\xB4\xA2");  // 全文検索
    CHECK(covers(japanese, grams_of_literal("\xE6\xA4\x9C\xE7\xB4\xA2")));                               // 検索
    CHECK_FALSE(covers(japanese, grams_of_literal("\xE7\xB4\xA2\xE6\xA4\x9C")));                         // 索検
}

TEST_CASE("what is too short to tell anything has no grams") {
    for (const char* text : {"", "ab", "a b c", " -> ", "\xE6\xA4\x9C", "\xC3\xA9", "--------"})
        CHECK(grams_of_literal(text).empty());
    CHECK(grams_of_core("", "a - b").empty());
}

TEST_CASE("grams are words of letters and digits, each once") {
    const std::string grams = grams_of_core("", "needle needle \xE6\xA4\x9C\xE7\xB4\xA2 needle");
    CHECK(grams.size() == 5 * 4 - 1);
    CHECK(words_of(grams).size() == 5);
    CHECK(grams == "dgh fwr guo m0v ppt");  // as stored points have them
    for (const char c : grams) CHECK((c == ' ' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')));
}

TEST_CASE("wherever a text is cut, a literal's grams are those of one of its cores") {
    std::mt19937 rng(20261201);
    int narrowed = 0;
    for (int round = 0; round < 4'000; ++round) {
        const auto characters = random_characters(rng, 20 + rng() % 200);
        const std::size_t begin = rng() % characters.size();
        const std::size_t end = begin + 1 + rng() % std::min<std::size_t>(characters.size() - begin, 120);
        std::string literal = joined(characters, begin, end);
        if (rng() % 2 == 0) {
            FoldedText folded;
            folded.assign(literal);
            literal = folded.text();
        }
        const std::string sought = grams_of_literal(literal);
        if (sought.empty()) continue;
        ++narrowed;
        CHECK_MESSAGE(any_core_covers(rng, characters, sought), literal);
    }
    CHECK(narrowed > 2'000);
}
