// Prose in several languages, through the searcher.
#include <doctest/doctest.h>

#include <algorithm>

#include "unit/search/fixture.hpp"

using namespace archaeologist;

namespace {

using Sources = std::vector<std::int64_t>;

struct Library : SearchFixture {
    Library() {
        add(1, {"they were running past the houses\n"}, "en.txt");
        language = "german";
        add(2, {"Das Haus steht am See.\n"}, "de.txt");
        add(3, {"Die Kinder lachten im Garten.\n"}, "kinder.txt");
        language = "french";
        add(4, {"Les maisons sont vides.\n"}, "fr.txt");
    }
    Sources found(const std::string& query, SearchMode mode = SearchMode::words) {
        Sources sources;
        for (const Hit& hit : search(query, mode).results) sources.push_back(to_integer(hit.source_id));
        std::sort(sources.begin(), sources.end());
        return sources;
    }
};

}  // namespace

TEST_CASE("a query finds its words in every language's forms, and says which and where") {
    Library library;
    for (const SearchMode mode : {SearchMode::words, SearchMode::hybrid}) {
        const auto reply = library.search("Häuser", mode);
        REQUIRE(reply.results.size() == 1);
        const Hit& hit = reply.results[0];
        CHECK(hit.source_name == "de.txt");
        CHECK(hit.why.words == std::vector<std::string>{"haus"});
        CHECK(hit.highlights == std::vector<ByteRange>{{4, 8}});
    }
    CHECK(library.found("runs house") == Sources{1});
    CHECK(library.found("Gärten") == Sources{3});
    CHECK(library.found("maison") == Sources{4});
}

TEST_CASE("what is left out is left out in every form, and other languages' texts by their own") {
    Library library;
    CHECK(library.found("see steht -Häuser").empty());
    CHECK(library.found("garten see -Häuser") == Sources{3});
    CHECK(library.found("maisons -haus") == Sources{4});
    CHECK(library.found("running -houses").empty());
}

TEST_CASE("a phrase is of words as they stand, in any language") {
    Library library;
    CHECK(library.found("\"haus steht\"") == Sources{2});
    CHECK(library.found("\"häuser steht\"").empty());
    CHECK(library.found("\"sont vides\"") == Sources{4});
    CHECK(library.found("\"running past\"") == Sources{1});
}

TEST_CASE("words that go on are found by their beginning, where stems are shorter, too") {
    Library library;
    CHECK(library.found("lach*") == Sources{3});
    CHECK(library.found("lachten*") == Sources{3});
    CHECK(library.found("hous*") == Sources{1});
}

TEST_CASE("a language is a filter, by name and by code") {
    Library library;
    CHECK(library.found("haus steht lachten lang:german") == Sources{2, 3});
    CHECK(library.found("haus steht lachten lang:de path:kinder.txt") == Sources{3});
    CHECK(library.found("haus lang:fr").empty());
}

TEST_CASE("similarity weighs a word by how often it occurs in any form") {
    Library library;
    (void)library.search("Gärten", SearchMode::semantic);
    CHECK(library.store.counted == std::vector<std::string>{"gärten", "gart"});
}

TEST_CASE("a project without other languages is asked for English alone") {
    Library library;
    library.language.clear();
    library.add(5, {"houses by the lake\n"}, "other.txt", 2);
    CHECK(library.memory->languages(ProjectId{2}).value().empty());
    SearchRequest request;
    request.query = "Häuser";
    request.mode = SearchMode::words;
    request.projects = {ProjectId{2}};
    CHECK(library.search(request).results.empty());
    request.query = "house";
    CHECK(library.search(request).results.size() == 1);
}
