// What is read from FTS5's tables is what FTS5 says.
#include "vector/doclists.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <map>
#include <optional>
#include <random>
#include <string>

#include "support/temporary_folder.hpp"
#include "vector/fts5.hpp"
#include "vector/index_terms.hpp"
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
    // Nothing: in a form that is not known.
    std::optional<Postings> read(std::string_view term) {
        auto doclists = Doclists::open(*connection_);
        if (!doclists) FAIL(doclists.error().message);
        auto postings = doclists->read(term);
        if (!postings) FAIL(postings.error().message);
        return *std::move(postings);
    }
    RowList ask(const std::string& term) {
        const auto rows = chunks_asked(*connection_, term);
        if (!rows) FAIL(rows.error().message);
        return *rows;
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
        const std::size_t levels = rng() % 3 == 0 ? 1 + rng() % 3 : 0;
        for (std::size_t level = 1; level <= levels; ++level) {
            terms += '\x01' + index_term("term" + std::to_string(number), level);
        }
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
            const auto postings = index.read(term);
            REQUIRE(postings.has_value());
            CHECK(postings->chunks == index.ask(term));
            REQUIRE(postings->higher.size() <= 3);
            for (std::size_t level = 1; level <= 3; ++level) {
                CAPTURE(level);
                const bool is_there = level <= postings->higher.size();
                CHECK((is_there ? postings->higher[level - 1] : RowList()) == index.ask(index_term(term, level)));
            }
        }
    }
    REQUIRE(index.read("term0")->chunks.size() > 100);
    CHECK(index.read("term0")->higher.size() == 3);
}

TEST_CASE("an index in a form that is not known is left to FTS5") {
    Index index;
    index.insert(7, "\x01term");
    CHECK(index.read("term")->chunks == RowList{7});
    for (const char* structure : {"x''", "x'00000000ff000001'", "x'000000007f'", "x'00000000010500'"}) {
        CAPTURE(structure);
        index.run("BEGIN");
        index.run(std::string("UPDATE words_data SET block = ") + structure + " WHERE id = 10");
        CHECK_FALSE(index.read("term"));
        index.run("ROLLBACK");
    }
    index.run("UPDATE words_data SET block = x'00' WHERE id > 10");
    CHECK_FALSE(index.read("term"));
}

TEST_CASE("what is remembered of an index is of the version that is asked") {
    Index index;
    PostingsCache cache(4'096);
    const auto find = [&](std::string_view term) {
        auto words = WordIndex::open(index.connection(), cache);
        REQUIRE(words.has_value());
        const auto found = words->find(term);
        REQUIRE(found.has_value());
        return *found;
    };
    index.insert(7, "\x01term\x01other");
    const SharedPostings first = find("term");
    CHECK(first->chunks == RowList{7});
    CHECK(find("other")->chunks == RowList{7});
    CHECK(find("term") == first);
    index.run("BEGIN");
    index.insert(9, "\x01term");
    index.run("COMMIT");
    CHECK(find("term")->chunks == RowList{7, 9});
    CHECK(find("other")->chunks == RowList{7});
    index.remove(9, "\x01term");
    CHECK(find("term")->chunks == RowList{7});
    CHECK(first->chunks == RowList{7});

    const SharedPostings second = find("term");
    for (int i = 0; i < 40; ++i) static_cast<void>(find("none" + std::to_string(i)));  // more than there is room for
    CHECK(find("term") != second);
    CHECK(find("term")->chunks == RowList{7});
}
