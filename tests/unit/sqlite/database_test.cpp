#include "sqlite/database.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <fstream>
#include <thread>

#include "support/temporary_folder.hpp"

using namespace archaeologist;
using namespace archaeologist::sqlite;

namespace {

constexpr std::array<Migration, 1> counters{
    {{1, "CREATE TABLE counters(name TEXT PRIMARY KEY, value INTEGER NOT NULL)"}}};
constexpr char add_sql[] = "INSERT INTO counters VALUES (:name, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1";
constexpr char read_sql[] = "SELECT value FROM counters WHERE name = :name";

Result<std::unique_ptr<Database>> open_counters(const TemporaryFolder& folder) {
    return Database::open({.path = folder.path() + "/c.db", .lock_path = {}, .migrations = counters, .on_open = {}});
}

Status add(Connection& connection, std::string_view name) {
    return Query(connection, add_sql).bind(":name", name).run();
}

std::int64_t value_of(Database& database, std::string_view name) {
    return database
        .read([&](Connection& connection) -> Result<std::int64_t> {
            Query query(connection, read_sql);
            query.bind(":name", name);
            ARCHAEO_ASSIGN(const bool row, query.step());
            return row ? query.integer(0) : 0;
        })
        .value();
}

}  // namespace

TEST_CASE("a failed write undoes itself and no other of its group") {
    const TemporaryFolder folder;
    const auto database = open_counters(folder).value();
    constexpr int threads_count = 8;
    constexpr int rounds = 50;
    std::vector<std::thread> threads;
    std::atomic<int> refused{0};
    threads.reserve(threads_count);
    for (int i = 0; i < threads_count; ++i) {
        threads.emplace_back([&, i] {
            for (int round = 0; round < rounds; ++round) {
                const Status done = database->write([&](Connection& tx) -> Status {
                    ARCHAEO_TRY(add(tx, "all"));
                    if (i % 2 == 1) return Error{Code::conflict, "no"};
                    return {};
                });
                if (!done) ++refused;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    CHECK(refused == threads_count / 2 * rounds);
    CHECK(value_of(*database, "all") == threads_count / 2 * rounds);
}

TEST_CASE("several processes write one file without an error") {
    const TemporaryFolder folder;
    std::vector<pid_t> children;
    for (int i = 0; i < 3; ++i) {
        const pid_t child = ::fork();
        if (child == 0) {
            const auto database = open_counters(folder);
            bool ok = database.has_value();
            for (int round = 0; ok && round < 100; ++round) {
                ok = (*database)->write([&](Connection& tx) { return add(tx, "all"); }).has_value();
            }
            ::_exit(ok ? 0 : 1);
        }
        children.push_back(child);
    }
    for (const pid_t child : children) {
        int status = 0;
        ::waitpid(child, &status, 0);
        CHECK(WIFEXITED(status));
        CHECK(WEXITSTATUS(status) == 0);
    }
    CHECK(value_of(*open_counters(folder).value(), "all") == 300);
}

TEST_CASE("a snapshot sees one moment while others write") {
    const TemporaryFolder folder;
    const auto database = open_counters(folder).value();
    REQUIRE(database->write([](Connection& tx) { return add(tx, "a"); }));
    auto snapshot = database->snapshot().value();
    const auto version = database->data_version().value();
    REQUIRE(database->write([](Connection& tx) { return add(tx, "a"); }));

    Query query(snapshot.connection(), read_sql);
    query.bind(":name", "a");
    REQUIRE(query.step().value());
    CHECK(query.integer(0) == 1);
    CHECK(value_of(*database, "a") == 2);
    CHECK(database->data_version().value() != version);
}

TEST_CASE("a file of a newer schema is refused and named") {
    const TemporaryFolder folder;
    REQUIRE(open_counters(folder).value()->write([](Connection& tx) { return tx.execute("PRAGMA user_version = 7"); }));
    const auto again = open_counters(folder);
    REQUIRE(!again);
    CHECK(again.error().code == Code::incompatible);
    CHECK(again.error().message.find("c.db was written by a newer version (schema 7)") != std::string::npos);
}

TEST_CASE("a file that is no database is refused, named and left as it is") {
    const TemporaryFolder folder;
    const std::string path = folder.path() + "/c.db";
    const std::string content(8'192, 'x');
    std::ofstream(path) << content;
    const auto database = open_counters(folder);
    REQUIRE(!database);
    CHECK(database.error().code == Code::corrupt);
    CHECK(database.error().message.find("c.db") != std::string::npos);
    std::ifstream file(path);
    CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == content);
}

TEST_CASE("a failed migration leaves the file as it was") {
    const TemporaryFolder folder;
    REQUIRE(open_counters(folder));
    const std::array<Migration, 2> broken{counters[0], {2, "CREATE TABLE more(a); CREATE TABLE more(a)"}};
    const std::string path = folder.path() + "/c.db";
    CHECK(!Database::open({.path = path, .lock_path = {}, .migrations = broken, .on_open = {}}));
    CHECK(open_counters(folder));
}

TEST_CASE("the log does not grow with the number of commits") {
    const TemporaryFolder folder;
    const auto database = open_counters(folder).value();
    const std::string large(100'000, 'x');
    for (int i = 0; i < 1'000; ++i) {
        REQUIRE(database->write([&](Connection& tx) { return add(tx, large.substr(static_cast<std::size_t>(i))); }));
        REQUIRE(database->write([&](Connection& tx) { return tx.execute("DELETE FROM counters"); }));
    }
    std::ifstream log(folder.path() + "/c.db-wal", std::ios::ate | std::ios::binary);
    CHECK(log.tellg() < 40'000'000);
}

TEST_CASE("a statement with an unknown parameter says so instead of running") {
    const TemporaryFolder folder;
    const auto database = open_counters(folder).value();
    const Status done = database->write([](Connection& tx) { return Query(tx, add_sql).bind(":nmae", "a").run(); });
    REQUIRE(!done);
    CHECK(done.error().code == Code::internal);
}

TEST_CASE("while another process stands still with the lock, writes are refused for now and reads go on") {
    const TemporaryFolder folder;
    const auto database = Database::open({.path = folder.path("c.db"),
                                          .lock_path = {},
                                          .migrations = counters,
                                          .on_open = {},
                                          .lock_wait = std::chrono::milliseconds{20}})
                              .value();
    FileLock other = FileLock::open(folder.path("c.db.lock")).value();
    {
        const auto held = other.take(std::chrono::seconds{30});
        REQUIRE(held);
        const Status refused = database->write([](Connection& tx) { return add(tx, "a"); });
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Code::unavailable);
        CHECK(refused.error().is_retriable());
        CHECK(database->read([](Connection& tx) { return tx.integer("SELECT count(*) FROM counters"); }).value() == 0);
    }
    // At the latest when the thread that still waits for the lock has got it and let it go.
    while (!database->write([](Connection& tx) { return add(tx, "a"); })) std::this_thread::yield();
    CHECK(database->read([](Connection& tx) { return tx.integer("SELECT count(*) FROM counters"); }).value() == 1);
}
