#include "vector/embedded.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "contract/vector_store_samples.hpp"
#include "support/temporary_folder.hpp"

using namespace archaeologist;
namespace fs = std::filesystem;

namespace {

std::unique_ptr<VectorStore> open(const TemporaryFolder& folder, std::size_t dimension = sample_dimension) {
    auto store = open_embedded_store(folder.path(), {dimension, 1 << 20});
    if (!store) FAIL(store.error().message);
    return std::move(store).value();
}

std::size_t found(VectorStore& store, const std::string& words, ProjectId project = ProjectId{1}) {
    const auto hits = store.query({project, words, {}, {}, 0, 1'000});
    if (!hits) FAIL(hits.error().message);
    return hits->size();
}

Error failure(VectorStore& store) {
    const auto hits = store.query({ProjectId{1}, "needle", {}, {}, 0, 10});
    REQUIRE_FALSE(hits.has_value());
    return hits.error();
}

Sample sample_of(ProjectId project, std::string text = "a needle") {
    Sample made = sample(std::move(text));
    made.document.project_id = project;
    return made;
}

void run_sql(const std::string& path, const char* sql) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
    CHECK(sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(db);
}

std::string sql_text(const std::string& path, const std::string& sql) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
    std::string text;
    const auto take = [](void* into, int, char** values, char**) {
        *static_cast<std::string*>(into) = values[0] == nullptr ? "null" : values[0];
        return 0;
    };
    CHECK(sqlite3_exec(db, sql.c_str(), take, &text, nullptr) == SQLITE_OK);
    sqlite3_close(db);
    return text;
}

}  // namespace

TEST_CASE("what was stored is there after the store was closed and opened again") {
    const TemporaryFolder folder;
    store(*open(folder), sample("a needle"));
    CHECK(found(*open(folder), "needle") == 1);
}

TEST_CASE("reading a project that has no file makes none") {
    const TemporaryFolder folder;
    const auto store = open(folder);
    CHECK(found(*store, "needle") == 0);
    CHECK(store->erase(ProjectId{1}, SourceId{1}, generation(1)).has_value());
    CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("a file of another dimension is refused with both named") {
    const TemporaryFolder folder;
    store(*open(folder), sample("a needle"));
    const auto other = open(folder, 16);
    CHECK(failure(*other).code == Code::incompatible);
    CHECK(failure(*other).message.find("8 dimensions, the model in use gives 16") != std::string::npos);
    CHECK_FALSE(open_embedded_store(folder.path(), {0, 0}).has_value());
    CHECK_FALSE(open_embedded_store(folder.path(), {65'537, 0}).has_value());
}

TEST_CASE("a damaged file is named and left as it is") {
    const TemporaryFolder folder;
    store(*open(folder), sample("a needle"));
    const std::string path = folder.path() + "/1.db";
    std::ofstream(path, std::ios::binary) << "this is not a database, and long enough to have a header of one hundred "
                                             "bytes, which SQLite looks at first of all";
    const auto store = open(folder);
    CHECK(failure(*store).code == Code::corrupt);
    CHECK(failure(*store).message.find(path) != std::string::npos);
    CHECK(fs::exists(path));
}

TEST_CASE("a damaged text or vector is an error that names the file, not a crash") {
    for (const char* damage :
         {"UPDATE segments SET content = x'00112233'", "UPDATE segments SET size = size + 9", "DELETE FROM segments",
          "UPDATE vectors SET value = x'01'", "DELETE FROM state", "UPDATE chunks SET headings = 'x'"}) {
        CAPTURE(damage);
        const TemporaryFolder folder;
        store(*open(folder), sample("a needle"));
        run_sql(folder.path() + "/1.db", damage);
        const auto store = open(folder);
        CHECK(failure(*store).code == Code::corrupt);
        CHECK(failure(*store).message.find("/1.db") != std::string::npos);
    }
}

TEST_CASE("a file of a newer version is refused") {
    const TemporaryFolder folder;
    store(*open(folder), sample("a needle"));
    run_sql(folder.path() + "/1.db", "PRAGMA user_version = 99");
    CHECK(failure(*open(folder)).code == Code::incompatible);
}

TEST_CASE("a file from before headings is taken over, and its chunks go with all their words") {
    const TemporaryFolder folder;
    Sample made = sample("a needle in hay");
    made.points[0].heading = "Guide > Farm";
    store(*open(folder), made);
    run_sql(folder.path() + "/1.db", "ALTER TABLE chunks DROP COLUMN headings; PRAGMA user_version = 4");
    const auto taken = open(folder);
    CHECK(found(*taken, "farm") == 1);
    CHECK(taken->points(ProjectId{1}, SourceId{1}, generation(1), 0, 10).value().points.at(0).headings.empty());
    made.points[0].headings = {{0, "Guide > Farm"}, {9, "Guide > Barn"}};
    store(*taken, made);
    CHECK(found(*taken, "farm") == 1);
    CHECK(found(*taken, "barn") == 1);
    REQUIRE(taken->erase(ProjectId{1}, SourceId{1}, generation(1)).has_value());
    CHECK(found(*taken, "farm") == 0);
}

TEST_CASE("two stores on one folder see each other's writes, erasures and erased projects") {
    const TemporaryFolder folder;
    const auto one = open(folder);
    const auto two = open(folder);
    const Sample first = sample("a needle");
    const Sample second = sample("two needles", SourceId{2});
    store(*one, first);
    CHECK(found(*two, "needle") == 1);
    store(*two, second);
    CHECK(found(*one, "needle") == 2);
    REQUIRE(two->erase(ProjectId{1}, SourceId{1}, generation(1)).has_value());
    CHECK(found(*one, "needle") == 1);
    REQUIRE(two->erase_project(ProjectId{1}).has_value());
    CHECK(found(*one, "needle") == 0);
    store(*one, first);
    CHECK(found(*two, "needle") == 1);
}

TEST_CASE("more projects than files may be open at once") {
    const TemporaryFolder folder;
    const auto store = open(folder);
    for (int i = 1; i <= 70; ++i) archaeologist::store(*store, sample_of(ProjectId{i}));
    for (int i = 1; i <= 70; ++i) CHECK(found(*store, "needle", ProjectId{i}) == 1);
}

TEST_CASE("a large document is erased in steps, and nothing of it stays") {
    const TemporaryFolder folder;
    const auto store = open(folder);
    std::string text;
    std::vector<std::size_t> cuts;
    for (int i = 0; i < 1'300; ++i) {
        text += "needle " + std::to_string(i) + "\n";
        cuts.push_back(text.size());
    }
    cuts.pop_back();
    Sample large = sample(text);
    large.cut_at(cuts, 20);
    archaeologist::store(*store, large);
    archaeologist::store(*store, sample("another needle", SourceId{2}));
    CHECK(found(*store, "needle") == 1'000);
    REQUIRE(store->erase(ProjectId{1}, SourceId{1}, generation(1)).has_value());
    CHECK(found(*store, "needle") == 1);
    for (const char* table : {"chunks", "segments", "signatures", "vectors", "documents"}) {
        CAPTURE(table);
        CHECK(sql_text(folder.path() + "/1.db", "SELECT count(*) FROM " + std::string(table)) == "1");
    }
}

TEST_CASE("only documents in which a core ends within a word are looked into whatever words they hold") {
    const TemporaryFolder folder;
    const auto store = open(folder);
    const auto store_by_one = [&](Sample made, std::size_t cut) {
        made.cut_at({cut});
        for (const Point& point : made.points) {
            REQUIRE(store->upsert(made.document, std::span(&point, 1)).has_value());
        }
    };
    for (int i = 1; i <= 40; ++i) store_by_one(sample("int value;\nint needle;\n", SourceId{i}), 11);
    store_by_one(sample("the needle is cut", SourceId{41}), 7);
    store_by_one(sample("the naïve one, too", SourceId{42}), 8);
    store_by_one(sample("the word— is not", SourceId{43}), 11);
    CHECK(sql_text(folder.path() + "/1.db", "SELECT group_concat(source) FROM documents WHERE cuts_words") == "41,42");
    for (const char* text : {"e needle i", "e naïve o"}) {
        LiteralQuery query;
        query.project_id = ProjectId{1};
        query.text = text;
        const auto reply = store->find(query);
        REQUIRE(reply.has_value());
        CHECK(reply->total_found == 1);
    }
}

TEST_CASE("threads that write, erase and search one project do not disturb each other") {
    const TemporaryFolder folder;
    const auto store = open(folder);
    std::atomic<int> failures = 0;
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&, thread] {
            for (int i = 0; i < 25; ++i) {
                Sample made = sample("needle one two three", SourceId{thread * 100 + i});
                made.cut_at({7, 11});
                bool good = store->upsert(made.document, made.points).has_value();
                if (i % 3 == 0)
                    good = good && store->erase(ProjectId{1}, made.document.source_id, generation(1)).has_value();
                good = good && store->query({ProjectId{1}, "needle", {}, {}, 0, 50}).has_value();
                good = good && store->query({ProjectId{1}, {}, axis(1), {}, 0, 50}).has_value();
                LiteralQuery literal;
                literal.project_id = ProjectId{1};
                literal.text = " one ";
                good = good && store->find(literal).has_value();
                failures += good ? 0 : 1;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(failures == 0);
    CHECK(found(*store, "needle") == 4 * 16);
}

TEST_CASE("two threads that store the same generation store it once") {
    const TemporaryFolder folder;
    const auto store = open(folder);
    std::vector<std::thread> threads;
    std::atomic<int> failures = 0;
    threads.reserve(3);
    for (int thread = 0; thread < 3; ++thread) {
        threads.emplace_back([&] {
            for (int i = 0; i < 20; ++i) {
                Sample made = sample("needle one two three", SourceId{i});
                made.cut_at({7, 11, 15});
                for (std::size_t k = 0; k < 4; ++k) {
                    failures += store->upsert(made.document, std::span(made.points).subspan(k, 1)) ? 0 : 1;
                }
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(failures == 0);
    CHECK(found(*store, "needle") == 20);
    CHECK(found(*store, "one two three needle") == 80);
}
