#include <doctest/doctest.h>

#include "archaeologist/search.hpp"

using namespace archaeologist;

TEST_CASE("a reply's JSON has the documented names, ranges as pairs") {
    SearchReply reply;
    Hit hit;
    hit.content = "a \"b\"";
    hit.score = 0.5;
    hit.why = {{"b"}, true, 0.25};
    hit.project_id = ProjectId{1};
    hit.source_id = SourceId{2};
    hit.source_name = "x/y.txt";
    hit.heading = "H";
    hit.byte_range = {10, 15};
    hit.line_range = {3, 4};
    hit.highlights = {{2, 5}};
    hit.also_in = {{SourceId{9}, "z", {7, 7}}};
    reply.results.push_back(hit);
    reply.total_found = 12;
    reply.query_time_ms = 1.5;
    reply.query = "b";
    reply.coverage = {5, 4, 1, 0, 0, 3};
    CHECK(
        to_json(reply) ==
        R"({"results":[{"chunk_id":"00000000-0000-0000-0000-000000000000","content":"a \"b\"","score":0.5,)"
        R"("why":{"words":["b"],"literal":true,"similarity":0.25},"project_id":1,"source_id":2,)"
        R"("source_name":"x/y.txt","heading":"H","symbol":null,"location":"x/y.txt:3","byte_range":[10,15],"line_range":[3,4],)"
        R"("highlights":[[2,5]],"also_in":[{"source_id":9,"source_name":"z","line_range":[7,7]}]}],)"
        R"("total_found":12,"query_time_ms":1.5,"query":"b","mode":"hybrid",)"
        R"("coverage":{"sources":5,"searchable":4,"pending":1,"failed":0,"unsupported":0,"replaced_bytes":3}})");
    reply.note = "n";
    CHECK(to_json(reply).ends_with(R"(,"note":"n"})"));
}

TEST_CASE("modes have names and names have modes") {
    for (const char* name : {"hybrid", "words", "semantic", "literal"}) {
        const auto mode = parse_search_mode(name);
        REQUIRE(mode.has_value());
        CHECK(to_string(*mode) == name);
    }
    CHECK_FALSE(parse_search_mode("Words").has_value());
    CHECK_FALSE(parse_search_mode("").has_value());
}
