#include "vector/postings.hpp"

#include <string>

#include "sql/vector_words_postings.hpp"

namespace archaeologist {

Result<Postings> postings_of(sqlite::Connection& connection, std::string_view term) {
    Postings postings;
    std::string quoted = "\"";
    for (const char c : term) quoted.append(c == '"' ? 2 : 1, c);
    quoted += '"';
    sqlite::Query query(connection, sql::vector_words_postings);
    query.bind(":collector", sqlite::Pointer{&postings, postings_pointer_type}).bind(":term", quoted);
    ARCHAEO_TRY(query.run());
    return postings;
}

}  // namespace archaeologist
