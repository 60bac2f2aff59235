// Rows of the table documents.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "archaeologist/id.hpp"
#include "archaeologist/vector_store.hpp"
#include "sqlite/connection.hpp"

namespace archaeologist {

// How much of a document is stored.
struct StoredExtent {
    std::int64_t document = 0;  // 0 = nothing
    std::uint64_t points = 0;
    std::uint64_t bytes = 0;
};

[[nodiscard]] Result<StoredExtent> stored_extent(sqlite::Connection& connection, SourceId source,
                                                 const GenerationId& generation);

struct DocumentRow {
    std::int64_t id = 0;
    SourceId source_id{};
    GenerationId generation;
    std::string name;
    std::string file_type;
    std::string language;
};

// From a row of the statements document_by_id and documents_after.
[[nodiscard]] DocumentRow document_row(const sqlite::Query& row);

// Nothing when it is gone.
[[nodiscard]] Result<std::optional<DocumentRow>> document_by_id(sqlite::Connection& connection, std::int64_t id);

// A number of the table state.
[[nodiscard]] Result<std::int64_t> state_value(sqlite::Connection& connection, const char* name);
[[nodiscard]] Status set_state_value(sqlite::Connection& connection, const char* name, std::int64_t value);

}  // namespace archaeologist
