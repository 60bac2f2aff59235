#include <simdjson.h>

#include "unit/engine/world.hpp"

using namespace archaeologist;

namespace {

// Long enough for some chunks.
std::string long_text() {
    std::string text;
    for (int i = 0; i < 3'000; ++i) text += "line " + std::to_string(i) + " of the walrus\n";
    return text;
}

std::string whole(const Blob& blob) {
    std::string bytes(blob.size(), '\0');
    REQUIRE(blob.read_at(0, bytes).value() == bytes.size());
    return bytes;
}

}  // namespace

TEST_CASE("chunks of a source are given in pages and are together its text") {
    EngineWorld world;
    const std::string text = long_text();
    const SourceId id = world.upload("a.txt", text).value().source.id;
    CHECK(world.engine->chunks(id).value().total == 0);
    world.process();
    const auto total = static_cast<std::int64_t>(world.engine->source(id).value().chunks);
    REQUIRE(total > 7);
    std::string joined;
    std::uint32_t ordinal = 0;
    for (std::int64_t page = 1;; ++page) {
        const ChunkPage chunks = world.engine->chunks(id, page, 3).value();
        CHECK(chunks.total == total);
        CHECK(chunks.page == page);
        CHECK(chunks.per_page == 3);
        for (const SourceChunk& chunk : chunks.chunks) {
            CHECK(chunk.ordinal == ordinal++);
            CHECK(chunk.content == text.substr(chunk.byte_range.begin, chunk.byte_range.size()));
            CHECK(chunk.line_range.first >= 1);
            joined += chunk.content;
        }
        CHECK(chunks.has_more == (ordinal < total));
        if (!chunks.has_more) break;
    }
    CHECK(joined == text);
    CHECK(world.engine->chunks(id, 1'000, 3).value().chunks.empty());
    for (const auto& [page, per_page] : {std::pair{0, 3}, {1, 0}, {1, 1'001}, {-1, 3}}) {
        CHECK(world.engine->chunks(id, page, per_page).error().code == Code::invalid_argument);
    }
    CHECK(world.engine->chunks(id, INT64_MAX, 1'000).error().code == Code::invalid_argument);
    CHECK(world.engine->chunks(SourceId{99}).error().code == Code::not_found);
}

TEST_CASE("a page of chunks as JSON says where each stands") {
    EngineWorld world;
    const SourceId id = world.upload("a.md", "# Heading\n\nthe \"walrus\"\n").value().source.id;
    world.process();
    const ChunkPage page = world.engine->chunks(id).value();
    REQUIRE(page.chunks.size() == 1);
    const std::string json = to_json(page);
    CHECK(
        json.starts_with("{\"chunks\":[{\"chunk_id\":\"" + page.chunks[0].id.text() + "\",\"ordinal\":0,\"content\":"));
    CHECK(json.find("\"byte_range\":[0,24],\"line_range\":[1,3]}") != std::string::npos);
    CHECK(json.ends_with("],\"total\":1,\"page\":1,\"per_page\":50,\"has_more\":false}"));
    simdjson::dom::parser parser;
    std::string_view content;
    REQUIRE(parser.parse(json)["chunks"].at(0)["content"].get(content) == simdjson::SUCCESS);
    CHECK(content == page.chunks[0].content);
}

TEST_CASE("content is the latest upload's bytes or the active version's text") {
    EngineWorld world;
    const std::string latin =
        "Die Gr\xFC\xDF"
        "e aus K\xF6ln kamen sp\xE4t, f\xFCr M\xFCller.\n";
    std::string bytes;
    for (int i = 0; i < 20; ++i) bytes += latin;
    const SourceId id = world.upload("a.txt", bytes).value().source.id;
    CHECK(whole(*world.engine->content(id, ContentForm::original).value()) == bytes);
    CHECK(world.engine->content(id, ContentForm::text).error().code == Code::not_found);
    world.process();
    CHECK(whole(*world.engine->content(id, ContentForm::text).value()).starts_with("Die Grüße aus Köln"));
    world.engine->stop_workers();
    REQUIRE(world.upload("a.txt", "a new version"));
    CHECK(whole(*world.engine->content(id, ContentForm::original).value()) == "a new version");
    CHECK(whole(*world.engine->content(id, ContentForm::text).value()).starts_with("Die Grüße aus Köln"));
    CHECK(world.engine->content(SourceId{99}, ContentForm::original).error().code == Code::not_found);
}

TEST_CASE("metadata is replaced as a whole, by an object only") {
    EngineWorld world;
    const SourceId id = world.upload("a.txt", "text").value().source.id;
    CHECK(world.engine->set_metadata(id, R"({"author":"Lewis"})").value().metadata == R"({"author":"Lewis"})");
    CHECK(world.engine->set_metadata(id, R"({"year":1871})").value().metadata == R"({"year":1871})");
    CHECK(world.engine->source(id).value().metadata == R"({"year":1871})");
    for (const auto* bad : {"", "[]", "null", "{", "{} {}"}) {
        CHECK(world.engine->set_metadata(id, bad).error().code == Code::invalid_argument);
    }
    const std::string large = "{\"a\":\"" + std::string(64 << 10, 'x') + "\"}";
    CHECK(world.engine->set_metadata(id, large).error().code == Code::too_large);
    CHECK(world.engine->source(id).value().metadata == R"({"year":1871})");
    CHECK(world.engine->set_metadata(SourceId{99}, "{}").error().code == Code::not_found);
}

TEST_CASE("reprocessing makes the next version of the same content, with what was set for it") {
    EngineWorld world;
    UploadRequest request = world.request("a.txt");
    request.metadata = R"({"a":1})";
    request.max_retries = 7;
    request.timeout = std::chrono::seconds(11);
    request.original_filename = "A.TXT";
    MemorySource content("the walrus");
    const Source first = world.engine->upload(request, content).value().source;
    world.process();
    const UploadReply again = world.engine->reprocess(first.id, Priority::high).value();
    CHECK(again.source.id == first.id);
    CHECK(again.source.version == 2);
    CHECK(again.source.content_hash == first.content_hash);
    CHECK(again.source.metadata == request.metadata);
    CHECK(again.source.original_filename == "A.TXT");
    REQUIRE(again.job.has_value());
    CHECK(again.job->priority == Priority::high);
    CHECK(again.job->max_retries == 7);
    CHECK(again.job->timeout == request.timeout);
    world.process();
    CHECK(world.engine->source(first.id).value().active_version == 2);
    CHECK(world.found("walrus") == 1);
    CHECK(world.engine->reprocess(SourceId{99}).error().code == Code::not_found);
}
