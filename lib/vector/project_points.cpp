// Points as they were stored.
#include <algorithm>
#include <string>
#include <vector>

#include "sql/vector_chunks_from.hpp"
#include "sql/vector_chunks_page.hpp"
#include "vector/document_rows.hpp"
#include "vector/headings.hpp"
#include "vector/points.hpp"
#include "vector/project_file.hpp"
#include "vector/text_reader.hpp"

namespace archaeologist {
namespace {

using sqlite::Connection;
using sqlite::Query;

// A row of chunks_from, without its text.
Result<Point> point_of(const Connection& connection, const Query& row, std::size_t dimension) {
    const auto number = [&](int column) { return static_cast<std::uint64_t>(row.integer(column)); };
    Point point;
    point.ordinal = static_cast<std::uint32_t>(number(1));
    point.core = {number(2), number(3)};
    point.context = {number(4), number(3)};
    point.lines = {number(5), number(6)};
    point.heading = row.text(7);
    ARCHAEO_ASSIGN(point.headings, unpacked_headings(row.text(9), point.core.begin, connection.path()));
    point.dense.assign(dimension, 0);
    const std::string_view kept = row.bytes(8);
    for (std::size_t i = 0; i < std::min(dimension, kept.size()); ++i) {
        point.dense[i] = static_cast<float>(static_cast<std::int8_t>(kept[i]));
    }
    return point;
}

}  // namespace

Result<StoredPoints> ProjectFile::points(SourceId source, const GenerationId& generation, std::uint64_t first_ordinal,
                                         std::size_t limit) {
    Workspaces::Lease workspace = workspaces_.take();
    return database_->read([&](Connection& connection) -> Result<StoredPoints> {
        StoredPoints page;
        ARCHAEO_ASSIGN(const StoredExtent stored, stored_extent(connection, source, generation));
        if (first_ordinal >= stored.points) return page;
        ARCHAEO_ASSIGN(auto document, document_by_id(connection, stored.document));
        if (!document) return page;
        page.document = {project_,
                         source,
                         generation,
                         std::move(document->name),
                         std::move(document->file_type),
                         std::move(document->language)};
        Query first(connection, sql::vector_chunks_page);
        first.bind(":document", stored.document).bind(":first", first_ordinal).bind(":limit", std::size_t{1});
        ARCHAEO_ASSIGN(const bool has_first, first.step());
        if (!has_first) return page;
        Query rows(connection, sql::vector_chunks_from);
        rows.bind(":document", stored.document).bind(":begin", first.integer(1)).bind(":limit", limit);
        for (;;) {
            ARCHAEO_ASSIGN(const bool row, rows.step());
            if (!row) break;
            ARCHAEO_ASSIGN(Point point, point_of(connection, rows, options_.dimension));
            page.points.push_back(std::move(point));
        }
        if (page.points.empty()) return page;
        const std::uint64_t begin = contexts_begin(page.points);
        TextReader texts(connection, workspace->codec);
        ARCHAEO_ASSIGN(auto text, texts.read(stored.document, {begin, page.points.back().core.end}));
        page.text = std::make_shared<const std::string>(std::move(text));
        for (Point& point : page.points) {
            point.text = std::string_view(*page.text)
                             .substr(static_cast<std::size_t>(point.context.begin - begin),
                                     static_cast<std::size_t>(point.context.size()));
        }
        return page;
    });
}

}  // namespace archaeologist
