#include "archaeologist/engine.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "support/temporary_folder.hpp"

using namespace archaeologist;
using namespace std::chrono_literals;

namespace {

// An engine on a fresh data folder with one project.
class World {
public:
    World() {
        Config config;
        config.data_dir = folder.path() + "/data";
        config.workers = 4;
        config.queue.backoff_base = 1ms;
        config.queue.backoff_cap = 10ms;
        engine = Engine::open(config).value();
        project = engine->create_project("p").value().id;
    }

    Result<UploadReply> upload(std::string_view name, std::string_view content,
                               IfUnchanged if_unchanged = IfUnchanged::skip) {
        UploadRequest request;
        request.project_id = project;
        request.filename = name;
        request.if_unchanged = if_unchanged;
        MemorySource source(content);
        return engine->upload(request, source);
    }

    // Until no job is unfinished; the queue's own claim does the waiting.
    void process() {
        REQUIRE(engine->start_workers());
        for (;;) {
            const QueueStats stats = engine->queue().stats().value();
            if (stats.queued + stats.scheduled + stats.running + stats.pending == 0) return;
            std::this_thread::yield();
        }
    }

    SearchReply search(std::string_view query, SearchMode mode) {
        SearchRequest request;
        request.query = query;
        request.mode = mode;
        request.limit = 100;
        request.per_source = 0;
        return engine->search(request).value();
    }

    TemporaryFolder folder;
    std::unique_ptr<Engine> engine;
    ProjectId project{};
};

// A text of some chunks, each of which says of which version it is and of how many.
std::string text_of_version(int version) {
    const int chunks = 2 + version % 3;
    const std::string tag = "version" + std::to_string(version) + "of" + std::to_string(chunks);
    std::string text;
    for (int chunk = 0; chunk < chunks; ++chunk) {
        text += "# part " + std::to_string(chunk) + "\n\nneedle " + tag + "\n\n";
        for (int word = 0; word < 250; ++word)
            text += "word" + std::to_string((version * 7 + chunk * 31 + word) % 997) + ' ';
        text += "\n\n";
    }
    return text;
}

// The version tag in a hit, "" when there is none.
std::string tag_of(const Hit& hit) {
    const auto begin = hit.content.find("version");
    return begin == std::string::npos ? "" : hit.content.substr(begin, hit.content.find_first_of(" \n", begin) - begin);
}

}  // namespace

TEST_CASE("what was uploaded is found in every mode, with the right bytes and lines") {
    World world;
    const std::string text = "first line\nsecond line\nthe quick brown fox\nlast line\n";
    REQUIRE(world.upload("a/b.txt", text));
    world.process();
    for (const auto mode : {SearchMode::literal, SearchMode::words, SearchMode::semantic, SearchMode::hybrid}) {
        INFO(to_string(mode));
        const auto reply = world.search("quick brown", mode);
        REQUIRE(reply.results.size() == 1);
        const Hit& hit = reply.results[0];
        CHECK(hit.source_name == "a/b.txt");
        CHECK(text.substr(hit.byte_range.begin, hit.byte_range.size()) == hit.content);
        CHECK(hit.line_range == (mode == SearchMode::literal ? LineRange{3, 3} : LineRange{1, 4}));
        CHECK(reply.coverage.searchable == 1);
    }
    CHECK(world.engine->text(SourceId{1}).value() == text);
}

TEST_CASE("unchanged content makes no job, changed content the next version") {
    World world;
    CHECK(world.upload("f", "one").value().job.has_value());
    CHECK_FALSE(world.upload("f", "one").value().job.has_value());
    CHECK(world.upload("f", "two").value().source.version == 2);
    CHECK(world.upload("f", "two", IfUnchanged::process_again).value().source.version == 3);
    world.process();
    CHECK(world.search("one", SearchMode::literal).total_found == 0);
    CHECK(world.search("two", SearchMode::literal).total_found == 1);
}

TEST_CASE("a search never sees no, mixed or doubled chunks while a file is uploaded again and again") {
    World world;
    REQUIRE(world.upload("f.md", text_of_version(0)));
    world.process();
    std::atomic<bool> done{false};
    std::atomic<int> searches{0};
    std::atomic<int> wrong{0};
    std::string first_wrong;
    std::thread searcher([&] {
        for (int round = 0; !done.load(); ++round) {
            const auto mode = static_cast<SearchMode>(round % 4);
            const auto reply = world.search("needle", mode);
            std::string tag;
            int parts = 0;
            bool mixed = false;
            for (const Hit& hit : reply.results) {
                const std::string found = tag_of(hit);
                if (found.empty()) continue;
                mixed = mixed || (!tag.empty() && tag != found);
                tag = found;
                ++parts;
            }
            const int of = tag.empty() ? 0 : std::stoi(tag.substr(tag.find("of") + 2));
            // Hashing may give a chunk that holds the word no likeness to it; the other modes find every one.
            const bool complete = mode == SearchMode::semantic ? parts >= 1 && parts <= of : parts == of;
            const bool right = !tag.empty() && !mixed && complete;
            if (!right && wrong++ == 0) {
                first_wrong = std::string(to_string(mode)) + " " + tag + " parts " + std::to_string(parts) +
                              (mixed ? " mixed" : "");
            }
            ++searches;
        }
    });
    for (int version = 1; version <= 60; ++version) {
        REQUIRE(world.upload("f.md", text_of_version(version)));
        if (version % 2 == 0) world.process();
    }
    world.process();
    done.store(true);
    searcher.join();
    INFO(first_wrong);
    CHECK(wrong == 0);
    CHECK(searches > 10);
    CHECK(tag_of(world.search("needle", SearchMode::words).results.at(0)) == "version60of2");
}

TEST_CASE("files that hold nothing to search end completed, with the reason") {
    World world;
    const std::string zeros(1'000, '\0');
    REQUIRE(world.upload("empty", ""));
    REQUIRE(world.upload("zeros.txt", zeros));
    world.process();
    SourceFilter filter;
    filter.project_id = world.project;
    const auto page = world.engine->sources(filter).value();
    REQUIRE(page.total == 2);
    CHECK(page.sources[0].status == SourceStatus::unsupported);
    CHECK(page.sources[0].reason == "empty");
    CHECK(page.sources[1].reason.starts_with("unsupported type "));
    CHECK(world.engine->job(page.sources[0].job_id).value().status == JobStatus::completed);
}

TEST_CASE("text in another charset is searched as UTF-8 and given back so") {
    World world;
    std::string text;
    for (int i = 0; i < 20; ++i)
        text +=
            "Die Pr\xFC"
            "fung der Buchungss\xE4tze erfolgt t\xE4glich, Gr\xF6\xDF"
            "e und W\xE4hrung.\n";
    REQUIRE(world.upload("alt.txt", text));
    world.process();
    CHECK(world.search("Prüfung", SearchMode::literal).total_found == 20);
    const Source source = world.upload("alt.txt", text).value().source;
    CHECK(source.replaced_bytes == 0);
    CHECK(source.charset != "UTF-8");
    CHECK(world.engine->text(source.id).value().starts_with("Die Prüfung der Buchungssätze"));
}

TEST_CASE("a retried job is a new job with the same content") {
    World world;
    const auto job = *world.upload("f", "some text").value().job;
    CHECK(world.engine->retry(job.id).error().code == Code::conflict);
    world.process();
    const Job again = world.engine->retry(job.id).value();
    CHECK(again.id != job.id);
    CHECK(again.retry_of == job.id);
    world.process();
    CHECK(world.engine->job(again.id).value().status == JobStatus::completed);
    CHECK(world.search("some text", SearchMode::literal).total_found == 1);
}

TEST_CASE("a file whose bytes are gone from the lake fails with the cause, and nothing else does") {
    World world;
    const std::string hash = ContentHash::of("doomed").hex();
    REQUIRE(world.upload("bad", "doomed"));
    REQUIRE(world.upload("good", "fine"));
    REQUIRE(std::filesystem::remove(world.folder.path() + "/data/lake/" + hash.substr(0, 2) + "/" + hash));
    world.process();
    SourceFilter filter;
    filter.project_id = world.project;
    filter.status = SourceStatus::failed;
    const auto failed = world.engine->sources(filter).value();
    REQUIRE(failed.total == 1);
    CHECK(failed.sources[0].filename == "bad");
    CHECK(failed.sources[0].reason.find(hash) != std::string::npos);
    CHECK(world.search("fine", SearchMode::literal).total_found == 1);
}

TEST_CASE("uploads that break a rule are refused and leave nothing") {
    World world;
    for (const auto* name : {"", "/etc/passwd", "a/../b", "a//b", ".", "bad\xFF"}) {
        const auto refused = world.upload(name, "x");
        REQUIRE(!refused);
        CHECK(refused.error().code == Code::invalid_argument);
    }
    CHECK(!world.upload(std::string(1'025, 'a'), "x"));
    UploadRequest unknown;
    unknown.project_id = ProjectId{99};
    unknown.filename = "f";
    MemorySource source("x");
    CHECK(world.engine->upload(unknown, source).error().code == Code::not_found);
    SourceFilter filter;
    filter.project_id = world.project;
    CHECK(world.engine->sources(filter).value().total == 0);
}

TEST_CASE("ingest reports what it found and makes no job for what it knows") {
    World world;
    const std::string tree = world.folder.path() + "/tree";
    std::filesystem::create_directories(tree);
    for (int i = 0; i < 30; ++i) std::ofstream(tree + "/f" + std::to_string(i)) << "text number " << i << '\n';
    std::ofstream(tree + "/empty").close();
    IngestRequest request;
    request.project = "tree";
    request.paths = {tree};
    const auto first = world.engine->ingest(request).value();
    CHECK(first.files == 31);
    CHECK(first.searchable == 30);
    CHECK(first.skipped == 1);
    CHECK(first.failed == 0);
    CHECK(first.pending == 0);
    std::ofstream(tree + "/f7") << "another text\n";
    const auto second = world.engine->ingest(request).value();
    CHECK(second.unchanged == 30);
    CHECK(second.searchable == 1);
    CHECK(world.search("another text", SearchMode::literal).total_found == 1);
    CHECK(world.search("text number 7", SearchMode::literal).total_found == 0);
}

TEST_CASE("an ingest that is stopped leaves what is left to the next one") {
    World world;
    const std::string tree = world.folder.path() + "/tree";
    std::filesystem::create_directories(tree);
    for (int i = 0; i < 300; ++i) std::ofstream(tree + "/f" + std::to_string(i)) << "text number " << i << '\n';
    IngestRequest request;
    request.project = "tree";
    request.paths = {tree};
    std::atomic<bool> stop{true};
    const auto stopped = world.engine->ingest(request, {}, &stop).value();
    CHECK(stopped.searchable < 300);
    const auto rest = world.engine->ingest(request).value();
    CHECK(rest.pending == 0);
    CHECK(world.search("text number", SearchMode::literal).total_found == 300);
}

TEST_CASE("a handler that cannot be had is refused, and says what is wrong with it") {
    World world;
    const JobHandler handler = [](JobContext&) -> Outcome { return Completed{}; };
    for (const auto& job_type :
         {std::string(), std::string("two words"), std::string("umläut"), std::string(65, 'a')}) {
        INFO(job_type);
        CHECK(world.engine->add_handler(job_type, handler).error().code == Code::invalid_argument);
    }
    const auto empty = world.engine->add_handler("mine", JobHandler());
    REQUIRE(!empty);
    CHECK(empty.error().code == Code::invalid_argument);
    CHECK(empty.error().message.find("\"mine\"") != std::string::npos);
    CHECK(world.engine->add_handler(file_processing, handler).error().code == Code::already_exists);
    REQUIRE(world.engine->add_handler("mine", handler));
    CHECK(world.engine->add_handler("mine", handler).error().code == Code::already_exists);

    REQUIRE(world.engine->start_workers());
    CHECK(world.engine->add_handler("late", handler).error().code == Code::conflict);
    world.engine->stop_workers();
    CHECK(world.engine->add_handler("late", handler));
}

TEST_CASE("a handler of one's own gets its jobs, and what it returns is their result") {
    World world;
    std::atomic<int> calls{0};
    REQUIRE(world.engine->add_handler("echo", [&calls](JobContext& context) -> Outcome {
        ++calls;
        if (context.attempt() == 1) return Failed{"not yet"};
        return Completed{context.lease().job_data};
    }));
    NewJob job;
    job.job_type = "echo";
    job.job_data = R"({"word":"walrus"})";
    const auto id = world.engine->queue().enqueue({&job, 1}).value().at(0);
    REQUIRE(world.engine->start_workers());
    const auto done = world.engine->queue().wait_for(id, 30s).value();
    CHECK(done.status == JobStatus::completed);
    CHECK(done.result_data == job.job_data);
    CHECK(done.retry_count == 1);
    CHECK(calls == 2);
}

TEST_CASE("a job type that no handler is there for waits, and the others do not wait with it") {
    World world;
    NewJob job;
    job.job_type = "nobody_does_this";
    const auto id = world.engine->queue().enqueue({&job, 1}).value().at(0);
    REQUIRE(world.engine->add_handler("quick", [](JobContext&) -> Outcome { return Completed{}; }));
    job.job_type = "quick";
    const auto quick = world.engine->queue().enqueue({&job, 1}).value().at(0);
    REQUIRE(world.engine->start_workers());
    CHECK(world.engine->queue().wait_for(quick, 30s).value().status == JobStatus::completed);
    CHECK(world.engine->job(id).value().status == JobStatus::queued);
}

TEST_CASE("an engine opens the folder it left, and refuses what is no folder") {
    World world;
    REQUIRE(world.upload("f", "some text"));
    Config config;
    config.data_dir = world.folder.path() + "/data";
    world.engine.reset();
    const auto again = Engine::open(config).value();
    CHECK(again->project("p").value().sources == 1);
    std::ofstream(world.folder.path() + "/file") << "x";
    config.data_dir = world.folder.path() + "/file";
    CHECK(!Engine::open(config));
    config.data_dir.clear();
    CHECK(Engine::open(config).error().code == Code::invalid_argument);
}
