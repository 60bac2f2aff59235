#include "vector/postings.hpp"

#include <string>

#include "sql/vector_words_postings.hpp"
#include "vector/bm25.hpp"
#include "vector/index_terms.hpp"

namespace archaeologist {

Result<IndexRows> chunks_with(sqlite::Connection& connection, std::string_view term) {
    IndexRows rows;
    std::string quoted = "\"";
    for (const char c : term) quoted.append(c == '"' ? 2 : 1, c);
    quoted += '"';
    sqlite::Query query(connection, sql::vector_words_postings);
    query.bind(":collector", sqlite::Pointer{&rows, index_rows_pointer_type}).bind(":term", quoted);
    ARCHAEO_TRY(query.run());
    return rows;
}

Result<std::vector<Posting>> postings_of(sqlite::Connection& connection, std::string_view term) {
    ARCHAEO_ASSIGN(const IndexRows all, chunks_with(connection, term));
    std::vector<Posting> postings;
    postings.reserve(all.size());
    for (const std::int64_t chunk : all) postings.push_back({chunk, bm25_frequencies[0]});
    // Who reaches a frequency reaches all below it.
    for (std::size_t level = 1; level < bm25_frequencies.size() && !postings.empty(); ++level) {
        ARCHAEO_ASSIGN(const IndexRows rows, chunks_with(connection, index_term(term, level)));
        auto posting = postings.begin();
        for (const std::int64_t chunk : rows) {
            while (posting != postings.end() && posting->chunk < chunk) ++posting;
            if (posting == postings.end()) break;
            if (posting->chunk == chunk) posting->frequency = bm25_frequencies[level];
        }
        if (rows.empty()) break;
    }
    return postings;
}

}  // namespace archaeologist
