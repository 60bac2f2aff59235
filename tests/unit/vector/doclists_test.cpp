// What is read from FTS5's tables is what FTS5 says.
#include "vector/doclists.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <map>
#include <random>
#include <string>

#include "support/temporary_folder.hpp"
#include "vector/postings.hpp"

using namespace archaeologist;

namespace {

using sqlite::Connection;

// An index with pages so small that lists go over many, and few parts before they are merged.
class Index {
public:
    Index() {
        auto opened = Connection::open(folder_.path() + "/index.db", sqlite::Access::read_write, register_fts5);
        REQUIRE(opened.has_value());
        connection_ = std::move(opened).value();
        run("CREATE VIRTUAL TABLE words USING fts5(terms, content = '', columnsize = 0, detail = none, "
            "tokenize = 'packed')");
        run("INSERT INTO words(words, rank) VALUES ('pgsz', 64), ('automerge', 4), ('crisismerge', 8)");
    }
    void insert(std::int64_t row, const std::string& terms) {
        run("INSERT INTO words(rowid, terms) VALUES (" + std::to_string(row) + ", '" + terms + "')");
    }
    void remove(std::int64_t row, const std::string& terms) {
        run("INSERT INTO words(words, rowid, terms) VALUES ('delete', " + std::to_string(row) + ", '" + terms + "')");
    }
    void run(const std::string& sql) {
        const auto done = connection_->execute(sql.c_str());
        if (!done) FAIL(done.error().message);
    }
    Connection& connection() { return *connection_; }
    IndexRows read(const std::string& term) {
        const auto rows = read_doclists(*connection_, term);
        if (!rows) FAIL(rows.error().message);
        REQUIRE(rows->has_value());
        return **rows;
    }

private:
    TemporaryFolder folder_;
    std::unique_ptr<Connection> connection_;
};

std::string random_terms(std::mt19937_64& rng) {
    std::string terms;
    for (std::size_t count = 1 + rng() % 6; count > 0; --count) {
        const std::size_t number = rng() % 4 == 0 ? rng() % 400 : rng() % 4;
        terms += "\x01term" + std::to_string(number);
        if (rng() % 3 == 0) terms += "\x01term" + std::to_string(number) + "\x03";
    }
    return terms;
}

}  // namespace

TEST_CASE("a term's rows are read as FTS5 tells them, while rows come and go and parts are merged") {
    std::mt19937_64 rng(5);
    Index index;
    std::map<std::int64_t, std::string> rows;
    std::int64_t next = 1;
    for (int turn = 0; turn < 120; ++turn) {
        index.run("BEGIN");
        for (std::size_t i = 0; i < 1 + rng() % 40; ++i) {
            next += rng() % 20 == 0 ? 1 + static_cast<std::int64_t>(rng() % 100'000) : 1;
            index.insert(next, rows[next] = random_terms(rng));
        }
        while (rng() % 2 == 0 && !rows.empty()) {
            const auto row = std::next(rows.begin(), static_cast<std::ptrdiff_t>(rng() % rows.size()));
            index.remove(row->first, row->second);
            if (rng() % 3 != 0) {
                rows.erase(row);
            } else {
                index.insert(row->first, row->second = random_terms(rng));
            }
        }
        index.run("COMMIT");
        if (turn == 80) index.run("INSERT INTO words(words) VALUES ('optimize')");
        for (const char* term : {"term0", "term1", "term2\x03", "term3", "term17", "term399", "term", "a", "z"}) {
            CAPTURE(turn);
            CAPTURE(term);
            const auto asked = chunks_asked(index.connection(), term);
            REQUIRE(asked.has_value());
            CHECK(index.read(term) == *asked);
        }
    }
    CHECK(index.read("term0").size() > 100);
}

TEST_CASE("an index in a form that is not known is left to FTS5") {
    Index index;
    index.insert(7, "\x01term");
    CHECK(index.read("term") == IndexRows{7});
    for (const char* structure : {"x''", "x'00000000ff000001'", "x'000000007f'", "x'00000000010500'"}) {
        CAPTURE(structure);
        index.run("BEGIN");
        index.run(std::string("UPDATE words_data SET block = ") + structure + " WHERE id = 10");
        const auto rows = read_doclists(index.connection(), "term");
        REQUIRE(rows.has_value());
        CHECK_FALSE(rows->has_value());
        index.run("ROLLBACK");
    }
    index.run("UPDATE words_data SET block = x'00' WHERE id > 10");
    const auto rows = read_doclists(index.connection(), "term");
    REQUIRE(rows.has_value());
    CHECK_FALSE(rows->has_value());
}
