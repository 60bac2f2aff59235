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
        run("CREATE VIRTUAL TABLE t USING fts5(a, content='', columnsize=0, detail=none, tokenize='packed')");
    }
    ~Table() { sqlite3_close(db); }
    Table(const Table&) = delete;
    Table& operator=(const Table&) = delete;

    void run(const std::string& sql) { REQUIRE(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK); }
    void insert(int row, const std::string& terms) {
        run("INSERT INTO t(rowid, a) VALUES(" + std::to_string(row) + ", '" + terms + "')");
    }
    IndexRows rows_with(const std::string& term) {
        IndexRows found;
        sqlite3_stmt* statement = nullptr;
        REQUIRE(sqlite3_prepare_v2(db, "SELECT collect_rows(t, ?1) FROM t WHERE t MATCH ?2 LIMIT 1", -1, &statement,
                                   nullptr) == SQLITE_OK);
        sqlite3_bind_pointer(statement, 1, &found, index_rows_pointer_type, nullptr);
        const std::string quoted = "\"" + term + "\"";
        sqlite3_bind_text(statement, 2, quoted.c_str(), -1, SQLITE_TRANSIENT);
        const int result = sqlite3_step(statement);
        CHECK((result == SQLITE_ROW || result == SQLITE_DONE));
        sqlite3_finalize(statement);
        return found;
    }
};

}  // namespace

TEST_CASE("a term is found as it was packed, whatever characters it has") {
    Table table;
    table.insert(3,
                 "\x01"
                 "foo"
                 "\x01"
                 "foo\x03"
                 "\x01"
                 "a b.c");
    table.insert(9,
                 "\x01"
                 "bar"
                 "\x01"
                 "foo");
    CHECK(table.rows_with("foo") == IndexRows{3, 9});
    CHECK(table.rows_with("foo\x03") == IndexRows{3});
    CHECK(table.rows_with("a b.c") == IndexRows{3});
    CHECK(table.rows_with("b.c").empty());
    CHECK(table.rows_with("fo").empty());
}

TEST_CASE("a row that was deleted with its terms is found by none") {
    Table table;
    table.insert(1,
                 "\x01"
                 "foo"
                 "\x01"
                 "bar");
    table.insert(2,
                 "\x01"
                 "foo");
    table.run(
        "INSERT INTO t(t, rowid, a) VALUES('delete', 1, '\x01"
        "foo\x01"
        "bar')");
    CHECK(table.rows_with("foo") == IndexRows{2});
    CHECK(table.rows_with("bar").empty());
}

TEST_CASE("rows without a place to put them are refused") {
    Table table;
    table.insert(1,
                 "\x01"
                 "foo");
    CHECK(sqlite3_exec(table.db, "SELECT collect_rows(t, 1) FROM t WHERE t MATCH 'foo'", nullptr, nullptr, nullptr) ==
          SQLITE_MISUSE);
}
