#include "contract/vector_store_headings.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "contract/vector_store_samples.hpp"

namespace archaeologist {
namespace {

constexpr ProjectId project{1};

// The second of three points has parts.
Sample parted() {
    Sample made = sample("first line\nsecond needle line\nthird needle\nNEEDLE end", SourceId{7}, "docs/guide.md");
    made.cut_at({11, 43}, 5);
    made.points[1].heading = "Guide > Second";
    made.points[1].headings = {{11, "Guide > Second"}, {30, "Guide > Macintosh"}, {42, ""}};
    made.points[2].heading = "Guide > Last";
    return made;
}

std::vector<VectorHit> words(VectorStore& store, const std::string& text) {
    auto hits = store.query({project, text, {}, {}, 0, 100});
    if (!hits) FAIL(hits.error().message);
    return std::move(hits).value();
}

std::vector<std::string> headings_of_matches(VectorStore& store, const std::string& text) {
    LiteralQuery query;
    query.project_id = project;
    query.text = text;
    const auto reply = store.find(query);
    if (!reply) FAIL(reply.error().message);
    std::vector<std::string> headings;
    for (const LiteralMatch& match : reply->matches) headings.push_back(match.heading);
    return headings;
}

}  // namespace

void check_headings(VectorStore& store) {
    const Sample made = parted();
    const std::uint64_t begin = made.points[1].core.begin;
    const std::uint64_t end = made.points[1].core.end;
    const std::vector<std::vector<Heading>> wrong = {{{begin + 1, "late"}},      {{begin, "a"}, {begin, "b"}},
                                                     {{begin, "a"}, {end, "b"}}, {{begin, "two\nlines"}},
                                                     {{begin, "\xFF"}},          {{begin, std::string(5'000, 'x')}}};
    for (const auto& headings : wrong) {
        Sample other = made;
        other.points[1].headings = headings;
        const Status done = store.upsert(other.document, other.points);
        REQUIRE_FALSE(done.has_value());
        CHECK(done.error().code == Code::invalid_argument);
        CHECK(done.error().message.find("source 7, point 1") != std::string::npos);
    }
    archaeologist::store(store, made);

    const auto hits = words(store, "macintosh");  // stands in no text
    REQUIRE(hits.size() == 1);
    CHECK(hits[0].heading == "Guide > Second");
    CHECK(hits[0].headings == made.points[1].headings);
    CHECK(words(store, "end").at(0).headings.empty());

    using Headings = std::vector<std::string>;
    CHECK(headings_of_matches(store, "needle") == Headings{"Guide > Second", "Guide > Macintosh"});
    CHECK(headings_of_matches(store, "line") == Headings{"", "Guide > Second"});
    CHECK(headings_of_matches(store, "\nNEEDLE") == Headings{""});
    CHECK(headings_of_matches(store, "end") == Headings{"Guide > Last"});

    const auto page = store.points(project, SourceId{7}, generation(1), 0, 10).value();
    REQUIRE(page.points.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) CHECK(page.points[i].headings == made.points[i].headings);

    // A point that differs in this alone is another one, and is erased with all its words.
    Sample other = made;
    other.points[1].headings[1].text = "Guide > Windows";
    archaeologist::store(store, other);
    CHECK(words(store, "macintosh").empty());
    CHECK(words(store, "windows").size() == 1);
    REQUIRE(store.erase(project, SourceId{7}, generation(1)).has_value());
    CHECK(words(store, "windows").empty());
}

}  // namespace archaeologist
