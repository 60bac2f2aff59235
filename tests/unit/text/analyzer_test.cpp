#include "text/analyzer.hpp"

#include <doctest/doctest.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "base/utf8.hpp"
#include "text/characters.hpp"

using namespace archaeologist;

namespace {

using Words = std::vector<std::string>;

// One word a position; terms at one position are joined by '|'.
Words positions(std::string_view text) {
    Analyzer analyzer;
    Words words;
    analyzer.analyze(text, [&](const Term& term) {
        if (term.same_position) {
            words.back() += "|" + std::string(term.text);
        } else {
            words.emplace_back(term.text);
        }
    });
    return words;
}

}  // namespace

TEST_CASE("prose gives folded, stemmed words, one a position") {
    CHECK(positions("The Invoices were RUNNING late.") == Words{"the", "invoic", "were", "run", "late"});
    CHECK(positions("") == Words{});
    CHECK(positions(" -- \n!? ___ ._. ") == Words{});
}

TEST_CASE("an identifier gives itself and its parts at one position") {
    CHECK(positions("spreadsheet_id") == Words{"spreadsheet_id|spreadsheet|id"});
    CHECK(positions("HTTPServerV2") == Words{"httpserverv2|http|server|v|2"});
    CHECK(positions("_private") == Words{"_private|privat"});
    CHECK(positions("utf8") == Words{"utf8|utf|8"});
    CHECK(positions("MAX_VALUE") == Words{"max_value|max|valu"});
}

TEST_CASE("an identifier in camel case is found by its name in small letters") {
    const Words camel = Analyzer().query_terms("getUserName");
    const Words small = Analyzer().query_terms("getusername");
    REQUIRE(small.size() == 1);
    CHECK(camel.front() == small.front());
    CHECK(camel == Words{small.front(), "get", "user", "name"});
}

TEST_CASE("paths give each component, and themselves where short") {
    CHECK(positions("lib/text/main.cpp") == Words{"lib/text/main.cpp|lib", "text", "main", "cpp"});
    CHECK(positions("/usr/include/") == Words{"usr/include|usr", "includ"});
    CHECK(positions("3.14") == Words{"3.14|3", "14"});
    CHECK(positions("end. Next") == Words{"end", "next"});
    const std::string folder(40, 'x');
    CHECK(positions(folder + "/" + folder) == Words{folder, folder});
}

TEST_CASE("scripts without spaces give overlapping bigrams, a lone character itself") {
    CHECK(positions("会計処理") == Words{"会計", "計処", "処理"});
    CHECK(positions("会 x") == Words{"会", "x"});
    CHECK(positions("カタカナ") == Words{"カタ", "タカ", "カナ"});
    CHECK(positions("한국어") == Words{"한국", "국어"});
    CHECK(positions("ภาษา") == Words{"ภา", "าษ", "ษา"});
    CHECK(positions("Excelファイル") == Words{"excel", "ファ", "ァイ", "イル"});
}

TEST_CASE("forms of one character that mean the same give the same term") {
    CHECK(positions("ＡＢＣ") == positions("abc"));
    CHECK(positions("ｶﾞｷﾞ") == positions("ガギ"));
    CHECK(positions("e\u0301tude") == positions("\u00C9TUDE"));
    CHECK(positions("\u1112\u1161\u11AB\u1100\u116E\u11A8") == positions("한국"));  // macOS file names
    CHECK(positions("Maß") == Words{"mass"});
    CHECK(positions("ﬁle") == positions("file"));
    CHECK(positions("soft\u00ADware") == positions("software"));
    CHECK(positions("ΣΊΣΥΦΟΣ") == positions("σίσυφος"));
    CHECK(positions("5㎏") == Words{"5kg|5|kg"});
}

TEST_CASE("letters that fold one to one fold as Unicode says") {
    for (char32_t value = 0x80; value < 0x480; ++value) {
        const char32_t folded = detail::simple_fold(value);
        if (folded == 0) continue;
        CAPTURE(static_cast<unsigned>(value));
        const auto encoded = [](char32_t c) {
            return std::string{static_cast<char>(0xC0 | (c >> 6)), static_cast<char>(0x80 | (c & 0x3F))};
        };
        utf8proc_uint8_t* expected =
            utf8proc_NFKC_Casefold(reinterpret_cast<const utf8proc_uint8_t*>(encoded(value).c_str()));
        CHECK(encoded(folded) == reinterpret_cast<const char*>(expected));
        std::free(expected);
    }
}

TEST_CASE("a term has at most 64 bytes and cuts no code point") {
    CHECK(positions(std::string(1'000, '7')) == Words{std::string(64, '7')});
    std::string cyrillic = "x";
    for (int i = 0; i < 100; ++i) cyrillic += "ж";
    const Words cut = positions(cyrillic);
    REQUIRE(cut.size() == 1);
    CHECK(cut[0].size() == 63);
    CHECK(is_valid_utf8(cut[0]));
}

TEST_CASE("a hash is one term, not forty parts") {
    CHECK(positions("3f2a9c1b8d7e6f5a4b3c2d1e0f9a8b7c6d5e4f3a").size() == 1);
    const Words terms = Analyzer().query_terms("3f2a9c1b8d7e6f5a4b3c2d1e0f9a8b7c6d5e4f3a");
    CHECK(terms.size() == 1);
}

TEST_CASE("bytes that are not UTF-8 separate words") {
    CHECK(positions("ab\xFF"
                    "cd") == Words{"ab", "cd"});
    CHECK(positions("\xE4\xBC word \x80\xC0") == Words{"word"});
}

TEST_CASE("terms name the bytes they came from") {
    Analyzer analyzer;
    const std::string text = "Größe: user_id, 会計";
    std::vector<std::pair<std::string, std::string>> seen;
    analyzer.analyze(
        text, [&](const Term& term) { seen.emplace_back(term.text, text.substr(term.begin, term.end - term.begin)); });
    CHECK(seen == std::vector<std::pair<std::string, std::string>>{
                      {"grösse", "Größe"}, {"user_id", "user_id"}, {"user", "user"}, {"id", "id"}, {"会計", "会計"}});
}

TEST_CASE("the packed form tells new positions from shared ones") {
    Analyzer analyzer;
    CHECK(analyzer.pack_terms("see user_id") == "\x01see\x01user_id\x02user\x02id");
    CHECK(analyzer.pack_terms("").empty());
}

TEST_CASE("a query asks for every term once, and for a bounded number") {
    Analyzer analyzer;
    CHECK(analyzer.query_terms("run running RUNS walk") == Words{"run", "walk"});
    std::string long_query;
    for (int i = 0; i < 5'000; ++i) long_query += std::to_string(i) + " ";
    CHECK(analyzer.query_terms(long_query).size() == query_terms_max);
}

TEST_CASE("a used analyzer gives what a fresh one gives") {
    Analyzer used;
    std::mt19937_64 rng(3);
    std::string words;
    for (int i = 0; i < 30'000; ++i) {
        std::string word(3 + rng() % 18, 'a');
        for (char& c : word) c = "aeinrstdgly"[rng() % 11];
        if (i % 3 == 0) word += "ing";
        words += word + " ";
    }
    const std::string first = used.pack_terms(words);
    CHECK(used.pack_terms(words) == first);
    CHECK(Analyzer().pack_terms(words) == first);
}

TEST_CASE("any bytes give well-formed terms from within the text") {
    const std::vector<std::string> pieces = {
        "a",      "Zz",     "9", "_",      ".", "/",  " ",    "\n",   "会",   "カ",   "한", "ก",      "ำ", "ß", "É",
        "\u0301", "\u200D", "😀", "\uFE0F", "ﷺ", "㎏", "\xFF", "\xE4", "\x80", "\x01", "İ",  "\u1161", "ﾞ", "क", "्"};
    std::mt19937_64 rng(4);
    Analyzer analyzer;
    for (int round = 0; round < 3'000; ++round) {
        std::string text;
        const std::size_t count = rng() % 60;
        for (std::size_t i = 0; i < count; ++i) text += pieces[rng() % pieces.size()];
        std::uint32_t last_begin = 0;
        bool is_first = true;
        analyzer.analyze(text, [&](const Term& term) {
            REQUIRE(!term.text.empty());
            REQUIRE(term.text.size() <= term_bytes_max);
            REQUIRE(is_valid_utf8(term.text));
            REQUIRE(std::none_of(term.text.begin(), term.text.end(), [](unsigned char c) { return c < 0x20; }));
            REQUIRE(term.begin < term.end);
            REQUIRE(term.end <= text.size());
            REQUIRE((term.same_position || term.begin >= last_begin));
            REQUIRE_FALSE((is_first && term.same_position));
            last_begin = term.begin;
            is_first = false;
        });
    }
}

TEST_CASE("stemming can be switched off") {
    Analyzer analyzer(Stemming::none);
    CHECK(analyzer.query_terms("Running walks") == Words{"running", "walks"});
}

TEST_CASE("words are stemmed in the language that their script stands for") {
    const auto terms = [](std::string_view text) { return Analyzer().query_terms(text); };
    CHECK(terms("книги книгами Книга") == terms("книга"));
    CHECK(terms("βιβλία βιβλίων").size() == 1);
    CHECK(terms("running runs run") == std::vector<std::string>{"run"});
    CHECK(Analyzer(Stemming::none).query_terms("книги книга").size() == 2);
    // Of two scripts, with digits, or with other letters than the language's: as they are.
    CHECK(terms("runningкниги") == std::vector<std::string>{"runningкниги"});
    CHECK(terms("cafés") == std::vector<std::string>{"cafés"});
}

TEST_CASE("words in Latin letters are stemmed in the language of the text") {
    Analyzer analyzer;
    const auto terms = [&](std::string_view text, NaturalLanguage language) {
        Words found;
        const auto add = [&](const Term& term) { found.emplace_back(term.text); };
        analyzer.analyze(text, add, language);
        return found;
    };
    CHECK(terms("Haus Häuser HÄUSERN Hauses", NaturalLanguage::german) == Words{"haus", "haus", "haus", "haus"});
    CHECK(terms("maison Maisons", NaturalLanguage::french) == Words{"maison", "maison"});
    CHECK(terms("cansada cansados", NaturalLanguage::spanish) == Words{"cans", "cans"});
    CHECK(terms("кот running", NaturalLanguage::german) == terms("кот running", NaturalLanguage::french));
    // The same word again: what is remembered of one language is not another's.
    CHECK(terms("running", NaturalLanguage::english) == Words{"run"});
    CHECK(terms("running", NaturalLanguage::german) == Words{"running"});
    CHECK(terms("running", NaturalLanguage::english) == Words{"run"});
    // As a whole in the text's language, in parts in English.
    CHECK(terms("HausesRunning", NaturalLanguage::german) == Words{"hausesrunning", "haus", "run"});
    CHECK(terms("größe1 naïveкот", NaturalLanguage::german).front() == "grösse1");
}

TEST_CASE("a query's word stands for its stems in English and in the languages that are asked for") {
    Analyzer analyzer;
    const std::vector both{NaturalLanguage::german, NaturalLanguage::french};
    CHECK(analyzer.query_words("Häuser running running", std::vector{NaturalLanguage::german}) ==
          std::vector<QueryWord>{{"häuser", "haus"}, {"run", "running"}});
    CHECK(analyzer.query_words("chevaux", both) == std::vector<QueryWord>{{"chevaux", "cheval"}});
    CHECK(analyzer.query_words("houses", {}) == std::vector<QueryWord>{{"hous"}});
    CHECK(analyzer.query_words("会計 книги a.b", both).front() == QueryWord{"会計"});
    std::string long_query;
    for (std::size_t i = 0; i < 2 * query_terms_max; ++i) long_query += "w" + std::to_string(i) + " ";
    CHECK(analyzer.query_words(long_query, both).size() == query_terms_max);
}
