// What SQLite's FTS5 is taught: to index terms that were analysed before, and to hand out postings.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <vector>

#include "archaeologist/result.hpp"

namespace archaeologist {

// The rows that hold a term, as the function `postings(table, collector)` fills it in.
struct Postings {
    struct Entry {
        std::int64_t row;
        std::uint32_t frequency;  // in all columns
    };
    std::vector<Entry> entries;  // by row
    std::int64_t rows = 0;       // of the whole table
    std::int64_t terms = 0;      // of all rows together
};

inline constexpr char postings_pointer_type[] = "archaeologist::Postings";

// Registers on a connection
// - the tokenizer `packed`: terms behind packed_new_position or packed_same_position (text/analyzer.hpp), as they are;
// - the auxiliary function `postings(table, collector)`: fills a Postings with all rows of the first phrase. It is called
//   with the first row of the match only (LIMIT 1) and walks the index itself: FTS5 would compute a rank and look up a
//   length for every row, in 4 times the time.
[[nodiscard]] Status register_fts5(sqlite3* db);

}  // namespace archaeologist
