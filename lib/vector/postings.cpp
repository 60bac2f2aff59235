#include "vector/postings.hpp"

#include <algorithm>
#include <iterator>
#include <string>

#include "sql/vector_words_postings.hpp"
#include "vector/bm25.hpp"
#include "vector/doclists.hpp"
#include "vector/index_terms.hpp"

namespace archaeologist {

namespace {

std::string quoted(std::string_view term) {
    std::string text = "\"";
    for (const char c : term) text.append(c == '"' ? 2 : 1, c);
    return text += '"';
}

Result<IndexRows> chunks_matching(sqlite::Connection& connection, const std::string& expression) {
    IndexRows rows;
    sqlite::Query query(connection, sql::vector_words_postings);
    query.bind(":collector", sqlite::Pointer{&rows, index_rows_pointer_type}).bind(":term", expression);
    ARCHAEO_TRY(query.run());
    return rows;
}

IndexRows united(const IndexRows& one, const IndexRows& other) {
    IndexRows both;
    both.reserve(one.size() + other.size());
    std::set_union(one.begin(), one.end(), other.begin(), other.end(), std::back_inserter(both));
    return both;
}

}  // namespace

Result<IndexRows> chunks_with(sqlite::Connection& connection, std::string_view term) {
    ARCHAEO_ASSIGN(auto rows, read_doclists(connection, term));
    if (rows) return *std::move(rows);
    return chunks_asked(connection, term);
}

Result<IndexRows> chunks_asked(sqlite::Connection& connection, std::string_view term) {
    return chunks_matching(connection, quoted(term));
}

Result<IndexRows> chunks_with_any(sqlite::Connection& connection, std::span<const std::string> terms) {
    IndexRows all;
    for (const std::string& term : terms) {
        ARCHAEO_ASSIGN(IndexRows more, chunks_with(connection, term));
        all = all.empty() ? std::move(more) : united(all, more);
    }
    return all;
}

Result<IndexRows> chunks_beginning(sqlite::Connection& connection, std::string_view prefix) {
    return chunks_matching(connection, quoted(prefix) + " *");
}

Result<Postings> postings_of(sqlite::Connection& connection, const PrefixWord& prefix) {
    ARCHAEO_ASSIGN(const IndexRows beginning, chunks_beginning(connection, prefix.begins));
    ARCHAEO_ASSIGN(const IndexRows stems, chunks_with_any(connection, prefix.terms));
    return Postings{united(beginning, stems), {}};
}

Result<Postings> postings_of(sqlite::Connection& connection, std::string_view term) {
    Postings postings;
    ARCHAEO_ASSIGN(postings.chunks, chunks_with(connection, term));
    // Who reaches a frequency reaches all below it.
    for (std::size_t level = 1; level < bm25_frequencies.size() && !postings.chunks.empty(); ++level) {
        ARCHAEO_ASSIGN(IndexRows chunks, chunks_with(connection, index_term(term, level)));
        if (chunks.empty()) break;
        postings.higher.push_back(std::move(chunks));
    }
    return postings;
}

Result<Postings> postings_of(sqlite::Connection& connection, const QueryWord& word) {
    Postings all;
    for (const std::string& term : word) {
        ARCHAEO_ASSIGN(Postings more, postings_of(connection, std::string_view(term)));
        if (all.chunks.empty()) {
            all = std::move(more);
            continue;
        }
        all.chunks = united(all.chunks, more.chunks);
        all.higher.resize(std::max(all.higher.size(), more.higher.size()));
        for (std::size_t i = 0; i < more.higher.size(); ++i) all.higher[i] = united(all.higher[i], more.higher[i]);
    }
    return all;
}

}  // namespace archaeologist
