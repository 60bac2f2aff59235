#include "search/query.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "archaeologist/search.hpp"

using namespace archaeologist;

namespace {

using Strings = std::vector<std::string>;

ParsedQuery parse(std::string_view query) {
    auto parsed = parse_query(query);
    REQUIRE_MESSAGE(parsed.has_value(), (parsed ? "" : parsed.error().message));
    return std::move(parsed).value();
}

std::string refusal_of(std::string_view query) {
    const auto parsed = parse_query(query);
    REQUIRE(!parsed.has_value());
    CHECK(parsed.error().code == Code::invalid_argument);
    return parsed.error().message;
}

}  // namespace

TEST_CASE("words, phrases, prefixes, fields and what is left out are told apart") {
    const auto query = parse(R"(lease "lost lease" epo* path:lib/*.cpp lang:cpp type:code symbol:Queue::claim )"
                             R"(-redis -"in memory" -test* -path:tests -lang:py -type:log -symbol:main)");
    CHECK(query.wanted.words == Strings{"lease"});
    CHECK(query.wanted.phrases == Strings{"lost lease"});
    CHECK(query.wanted.prefixes == Strings{"epo"});
    CHECK(query.fields.paths == Strings{"lib/*.cpp"});
    CHECK(query.fields.languages == Strings{"c++"});
    CHECK(query.fields.file_types == Strings{"code"});
    CHECK(query.fields.symbols == Strings{"Queue::claim"});
    CHECK(query.unwanted.words == Strings{"redis"});
    CHECK(query.unwanted.phrases == Strings{"in memory"});
    CHECK(query.unwanted.prefixes == Strings{"test"});
    CHECK(query.not_fields.paths == Strings{"tests"});
    CHECK(query.not_fields.languages == Strings{"python"});
    CHECK(query.not_fields.file_types == Strings{"log"});
    CHECK(query.not_fields.symbols == Strings{"main"});
    CHECK(query.text == "lease lost lease epo Queue::claim");
}

TEST_CASE("text that only looks like syntax is words") {
    for (const char* text :
         {"a->b --force - -> -- x", "std::string path::Path type::name", "note: http://host/x", "char *p * ** a*b",
          "it's 5\" wide", "f(\"x\")", "Type: a Path:x", "会計処理 -", "-", "*"}) {
        CAPTURE(text);
        const auto query = parse(text);
        CHECK(query.text == text);
        CHECK(query.wanted.phrases.empty());
        CHECK(query.wanted.prefixes.empty());
        CHECK(query.unwanted.empty());
        CHECK(query.fields.file_types.empty());
    }
}

TEST_CASE("within quotes a backslash stands before a quote and itself, and spaces belong to a value") {
    CHECK(parse(R"("say \"yes\" \\ now")").wanted.phrases == Strings{R"(say "yes" \ now)"});
    CHECK(parse(R"(x path:"my files/*")").fields.paths == Strings{"my files/*"});
    CHECK(parse(R"("type:foo" "-x")").wanted.phrases == Strings{"type:foo", "-x"});
    CHECK(parse("-_id x").unwanted.words == Strings{"_id"});
    CHECK(parse("-会計 処理*").unwanted.words == Strings{"会計"});
    CHECK(parse("-会計 処理*").wanted.prefixes == Strings{"処理"});
}

TEST_CASE("what cannot be parsed is refused with its place and its rule") {
    CHECK(refusal_of(R"(é x "lost)") ==
          R"(search: the quote at character 5 is not closed, must have another " behind it)");
    CHECK(refusal_of("lost path: x") ==
          "search: path: at character 6 has no value, must be like path:src/*.c, or within quotes when it is text");
    CHECK(refusal_of("x type:text/plain") ==
          "search: type:text/plain at character 3 is no type of file, must be one of text, markdown, code, sql, csv, "
          "json, "
          "xml, html, log, config; languages are lang:");
    CHECK(refusal_of("x -lang:typscript") ==
          "search: lang:typscript at character 3 is no language, must be like python, c++ or german; types of files "
          "are type:");
    CHECK(refusal_of("x \"...\"") == "search: the phrase at character 3 has no word, must have one");
    CHECK(refusal_of("-x path:a").find("must have a word, a \"phrase\", a begin* or a symbol: to look for") !=
          std::string::npos);
    std::string many;
    for (int i = 0; i < 65; ++i) many += "a* ";
    CHECK(refusal_of(many) ==
          "search: the query has 65 phrases, prefixes, fields and exclusions, must have at most 64");
}

TEST_CASE("a path without wildcards is of whole parts, anywhere") {
    CHECK(path_globs("lib/search/") == Strings{"**/lib/search", "**/lib/search/**"});
    CHECK(path_globs("*.cpp") == Strings{"*.cpp"});
}

TEST_CASE("languages are known by the names that people type") {
    CHECK(language_name("CPP") == "c++");
    CHECK(language_name("cobol") == "cobol");
    CHECK(language_name("DE") == "german");
    CHECK(language_name("pl") == "perl");
    for (const char* typed : {"cpp", "JS", "terraform", "vba", "meson", "rscript", "de", "german", "english"}) {
        CHECK(is_language(language_name(typed)) != (std::string(typed) == "rscript"));
    }
    CHECK_FALSE(is_language(""));
}
