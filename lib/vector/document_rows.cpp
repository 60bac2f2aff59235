#include "vector/document_rows.hpp"

#include "sql/vector_document_by_id.hpp"
#include "sql/vector_document_get.hpp"
#include "sql/vector_state_get.hpp"
#include "sql/vector_state_set.hpp"

namespace archaeologist {

using sqlite::Connection;
using sqlite::Query;

Result<StoredExtent> stored_extent(Connection& connection, SourceId source, const GenerationId& generation) {
    Query document(connection, sql::vector_document_get);
    document.bind(":source", source).bind(":generation", generation);
    ARCHAEO_ASSIGN(const bool row, document.step());
    if (!row) return StoredExtent{};
    return StoredExtent{document.integer(0), static_cast<std::uint64_t>(document.integer(1)),
                        static_cast<std::uint64_t>(document.integer(2))};
}

DocumentRow document_row(const Query& row) {
    return {row.integer(0),           row.id<SourceId>(1),      GenerationId(row.uuid(2)),
            std::string(row.text(3)), std::string(row.text(4)), std::string(row.text(5))};
}

Result<std::optional<DocumentRow>> document_by_id(Connection& connection, std::int64_t id) {
    Query document(connection, sql::vector_document_by_id);
    ARCHAEO_ASSIGN(const bool row, document.bind(":id", id).step());
    if (!row) return std::optional<DocumentRow>();
    return std::optional(document_row(document));
}

Result<std::int64_t> state_value(Connection& connection, const char* name) {
    Query state(connection, sql::vector_state_get);
    ARCHAEO_ASSIGN(const bool row, state.bind(":name", name).step());
    if (!row) return Error{Code::corrupt, connection.path() + ": " + name + " is missing from its table state"};
    return state.integer(0);
}

Status set_state_value(Connection& connection, const char* name, std::int64_t value) {
    return Query(connection, sql::vector_state_set).bind(":name", name).bind(":value", value).run();
}

}  // namespace archaeologist
