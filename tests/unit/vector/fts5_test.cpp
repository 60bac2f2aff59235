#include "vector/fts5.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace archaeologist;

namespace {

struct Table {
    sqlite3* db = nullptr;
    Table() {
        REQUIRE(sqlite3_open(":memory:", &db) == SQLITE_OK);
        REQUIRE(register_fts5(db).has_value());
        run("CREATE VIRTUAL TABLE t USING fts5(a, b, content='', columnsize=0, tokenize='packed')");
    }
    ~Table() { sqlite3_close(db); }
    Table(const Table&) = delete;
    Table& operator=(const Table&) = delete;

    void run(const std::string& sql) { REQUIRE(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK); }
    void insert(int row, const std::string& a, const std::string& b) {
        run("INSERT INTO t(rowid, a, b) VALUES(" + std::to_string(row) + ", '" + a + "', '" + b + "')");
    }
    Postings postings(const std::string& term) {
        Postings found;
        sqlite3_stmt* statement = nullptr;
        REQUIRE(sqlite3_prepare_v2(db, "SELECT postings(t, ?1) FROM t WHERE t MATCH ?2 LIMIT 1", -1, &statement,
                                   nullptr) == SQLITE_OK);
        sqlite3_bind_pointer(statement, 1, &found, postings_pointer_type, nullptr);
        const std::string quoted = "\"" + term + "\"";
        sqlite3_bind_text(statement, 2, quoted.c_str(), -1, SQLITE_TRANSIENT);
        const int result = sqlite3_step(statement);
        CHECK((result == SQLITE_ROW || result == SQLITE_DONE));
        sqlite3_finalize(statement);
        return found;
    }
};

}  // namespace

TEST_CASE("postings count a term's occurrences in both columns, those at one position too") {
    Table table;
    table.insert(3,
                 "\x01"
                 "foo"
                 "\x02"
                 "foo"
                 "\x01"
                 "bar",
                 "\x01"
                 "foo");
    table.insert(9,
                 "\x01"
                 "bar",
                 "");
    const Postings foo = table.postings("foo");
    REQUIRE(foo.entries.size() == 1);
    CHECK(foo.entries[0].row == 3);
    CHECK(foo.entries[0].frequency == 3);
    CHECK(foo.rows == 2);
    CHECK(foo.terms == 4);  // three in the first row's position count, one in the second's
    CHECK(table.postings("bar").entries.size() == 2);
    CHECK(table.postings("baz").entries.empty());
}

TEST_CASE("a row that was deleted with its terms is in no postings") {
    Table table;
    table.insert(1,
                 "\x01"
                 "foo",
                 "\x01"
                 "bar");
    table.insert(2,
                 "\x01"
                 "foo",
                 "");
    table.run(
        "INSERT INTO t(t, rowid, a, b) VALUES('delete', 1, '\x01"
        "foo', '\x01"
        "bar')");
    CHECK(table.postings("foo").entries.size() == 1);
    CHECK(table.postings("foo").rows == 1);
    CHECK(table.postings("bar").entries.empty());
}

TEST_CASE("postings without a collector are refused") {
    Table table;
    table.insert(1,
                 "\x01"
                 "foo",
                 "");
    CHECK(sqlite3_exec(table.db, "SELECT postings(t, 1) FROM t WHERE t MATCH 'foo'", nullptr, nullptr, nullptr) ==
          SQLITE_MISUSE);
}
