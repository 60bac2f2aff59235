#include <filesystem>
#include <optional>
#include <thread>

#include "unit/engine/world.hpp"

using namespace archaeologist;
using namespace std::chrono_literals;

namespace {

const std::string text = "the walrus and the carpenter were walking close at hand";

// Gives its content and then fails, as a connection that is cut does.
class CutSource final : public ByteSource {
public:
    explicit CutSource(std::string_view content) : content_(content) {}
    [[nodiscard]] Result<std::size_t> read(std::span<char> buffer) override {
        ARCHAEO_ASSIGN(const std::size_t size, content_.read(buffer));
        if (size > 0) return size;
        return Error{Code::unavailable, "the connection was cut"};
    }

private:
    MemorySource content_;
};

// Runs something while it is being read.
class BusySource final : public ByteSource {
public:
    explicit BusySource(std::function<void()> during) : during_(std::move(during)) {}
    [[nodiscard]] Result<std::size_t> read(std::span<char>) override {
        during_();
        return std::size_t{0};
    }

private:
    std::function<void()> during_;
};

class World : public EngineWorld {
public:
    Result<PieceReply> send(std::size_t begin, std::string_view bytes, std::uint64_t total = text.size(),
                            std::string_view name = "a.txt") {
        MemorySource source(bytes);
        return engine->upload_piece(request(name), {begin, total}, source);
    }
    Result<PieceReply> send_part(std::size_t begin, std::size_t end) {
        return send(begin, std::string_view(text).substr(begin, end - begin));
    }
    std::uint64_t received() { return send(0, "").value().received_bytes; }
    std::size_t partial_files() { return folder.files("data/partial").size(); }
    std::string content(SourceId id) {
        const auto blob = engine->content(id, ContentForm::original).value();
        std::string bytes(blob->size(), '\0');
        CHECK(blob->read_at(0, bytes).value() == bytes.size());
        return bytes;
    }
};

}  // namespace

TEST_CASE("a file that arrives in pieces is a source once its last byte is there") {
    World world;
    const auto first = world.send_part(0, 10).value();
    CHECK(first.received_bytes == 10);
    CHECK_FALSE(first.upload.has_value());
    CHECK(world.sources() == 0);
    CHECK(world.send_part(10, 30).value().received_bytes == 30);
    const auto last = world.send_part(30, text.size()).value();
    CHECK(last.received_bytes == text.size());
    REQUIRE(last.upload.has_value());
    CHECK(last.upload->job.has_value());
    CHECK(world.content(last.upload->source.id) == text);
    CHECK(world.partial_files() == 0);
    world.process();
    CHECK(world.found("carpenter") == 1);
}

TEST_CASE("what arrived is there after the engine was opened again, and an empty piece asks for it") {
    World world;
    REQUIRE(world.send_part(0, 20));
    world.open();
    CHECK(world.received() == 20);
    CHECK(world.send(20, "").value().received_bytes == 20);
    CHECK(world.send_part(20, text.size()).value().upload.has_value());
}

TEST_CASE("a question about a file of which nothing is there leaves nothing") {
    World world;
    CHECK(world.received() == 0);
    CHECK(world.send(5, "x").error().code == Code::conflict);
    CHECK(world.partial_files() == 0);
}

TEST_CASE("a piece that begins behind what is there is a conflict that says how many bytes are") {
    World world;
    REQUIRE(world.send_part(0, 7));
    const auto refused = world.send_part(8, 12);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::conflict);
    CHECK(refused.error().message.find("at most 7") != std::string::npos);
    CHECK(world.received() == 7);
}

TEST_CASE("bytes that come again change nothing, others take the place of what was there") {
    World world;
    REQUIRE(world.send_part(0, 20));
    CHECK(world.send_part(5, 15).value().received_bytes == 20);
    CHECK(world.send_part(15, 25).value().received_bytes == 25);
    std::string other = text;
    other[10] = 'X';
    CHECK(world.send(8, std::string_view(other).substr(8, 4)).value().received_bytes == 12);
    const auto done = world.send(12, std::string_view(other).substr(12)).value();
    REQUIRE(done.upload.has_value());
    CHECK(world.content(done.upload->source.id) == other);
}

TEST_CASE("what came before the content failed stays") {
    World world;
    CutSource cut(std::string_view(text).substr(0, 13));
    const auto broken = world.engine->upload_piece(world.request("a.txt"), {0, text.size()}, cut);
    REQUIRE_FALSE(broken);
    CHECK(broken.error().code == Code::unavailable);
    CHECK(world.received() == 13);
    const auto done = world.send_part(13, text.size()).value();
    REQUIRE(done.upload.has_value());
    CHECK(world.content(done.upload->source.id) == text);
}

TEST_CASE("a piece with more bytes than are left is refused with all of it") {
    World world;
    REQUIRE(world.send_part(0, 7));
    const auto refused = world.send(7, std::string_view(text).substr(7, 5), 10);
    REQUIRE_FALSE(refused);  // of another total, so of another file, which has no bytes
    CHECK(refused.error().code == Code::conflict);
    CHECK(world.send(7, std::string(text.size(), 'x')).error().code == Code::invalid_argument);
    CHECK(world.received() == 7);
    CHECK(world.send(text.size() + 1, "").error().code == Code::invalid_argument);
}

TEST_CASE("a file over the limit is refused before its first byte") {
    World world;
    world.config.limits.file_bytes_max = 100;
    world.open();
    CHECK(world.send(0, "x", 101).error().code == Code::too_large);
    CHECK(world.partial_files() == 0);
    CHECK(world.send(0, "x", 100).has_value());
}

TEST_CASE("pieces of different files, users and lengths do not meet") {
    World world;
    REQUIRE(world.send(0, "aaa", 6, "a"));
    REQUIRE(world.send(0, "bb", 6, "b"));
    REQUIRE(world.send(0, "c", 7, "a"));
    UploadRequest theirs = world.request("a");
    theirs.user_id = UserId{7};
    MemorySource nothing("");
    CHECK(world.engine->upload_piece(theirs, {0, 6}, nothing).value().received_bytes == 0);
    CHECK(world.send(0, "", 6, "a").value().received_bytes == 3);
    CHECK(world.send(0, "", 6, "b").value().received_bytes == 2);
    CHECK(world.send(0, "", 7, "a").value().received_bytes == 1);
}

TEST_CASE("two calls that add to one file at once are a conflict") {
    World world;
    REQUIRE(world.send_part(0, 7));
    std::optional<Code> other;
    BusySource busy([&] { other = world.send_part(7, 9).error().code; });
    REQUIRE(world.engine->upload_piece(world.request("a.txt"), {7, text.size()}, busy));
    CHECK(other == Code::conflict);
    CHECK(world.send_part(7, 9).value().received_bytes == 9);
}

TEST_CASE("an empty file is whole at once") {
    World world;
    const auto done = world.send(0, "", 0).value();
    REQUIRE(done.upload.has_value());
    CHECK(done.upload->source.file_size == 0);
    CHECK(world.partial_files() == 0);
}

TEST_CASE("pieces of an unknown project or a bad name are refused") {
    World world;
    UploadRequest request = world.request("a");
    request.project_id = ProjectId{99};
    MemorySource source("x");
    CHECK(world.engine->upload_piece(request, {0, 5}, source).error().code == Code::not_found);
    CHECK(world.engine->upload_piece(world.request("../a"), {0, 5}, source).error().code == Code::invalid_argument);
    CHECK(world.partial_files() == 0);
}

TEST_CASE("what arrived is forgotten a day after its last piece, when an engine is opened") {
    ManualClock clock;
    World world;
    world.config.clock = &clock;
    world.open();
    REQUIRE(world.send(0, "old", 10, "old"));
    REQUIRE(world.send(0, "kept", 10, "kept"));
    clock.advance(13h);
    REQUIRE(world.send(4, "more", 10, "kept"));
    clock.advance(12h);
    world.open();
    CHECK(world.partial_files() == 1);
    CHECK(world.send(0, "", 10, "old").value().received_bytes == 0);
    CHECK(world.send(0, "", 10, "kept").value().received_bytes == 8);
}
