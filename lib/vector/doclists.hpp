// Reads the rows that hold a term from the tables in which FTS5 keeps its index: numbers one behind the other, which
// FTS5's cursors do much with, row by row.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sqlite/connection.hpp"
#include "vector/row_list.hpp"

namespace archaeologist {

// Chunks in ascending order.
struct Postings {
    RowList chunks;               // that hold the term
    std::vector<RowList> higher;  // of those, where it reaches bm25_frequencies[1], [2], …
};

// What is here relies on the file format of FTS5 (version 4, detail = none), which later versions read too. For one
// transaction of the connection.
class Doclists {
public:
    [[nodiscard]] static Result<Doclists> open(sqlite::Connection& connection);

    // Tells this state of the index from all it was in before. Empty: its form is not known.
    [[nodiscard]] const std::string& version() const { return version_; }
    // Nothing: the index is written in a form that is not known here. FTS5 knows it.
    [[nodiscard]] Result<std::optional<Postings>> read(std::string_view term);

private:
    // A b-tree of the index, which FTS5 calls a segment.
    struct Part {
        std::int64_t id;
        std::int64_t first_page;
        std::int64_t last_page;
    };
    class PartReader;

    Doclists(sqlite::Connection& connection, std::string_view structure);
    bool read_structure(std::string_view structure);
    [[nodiscard]] Result<bool> read_part(const Part& part, PartReader& reader);

    sqlite::Connection* connection_;
    std::vector<Part> parts_;  // oldest first
    std::string version_;
};

}  // namespace archaeologist
