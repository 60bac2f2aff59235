#include "cli/table.hpp"

#include <algorithm>
#include <cassert>

#include "host/printable.hpp"

namespace archaeologist::cli {

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {
    for (const auto& column : columns_) widths_.push_back(host::columns_of(column.heading));
}

void Table::add(const std::vector<std::string>& cells) {
    assert(cells.size() == columns_.size());
    Row row;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        row.cells.push_back(host::printable(cells[i]));
        widths_[i] = std::max(widths_[i], host::columns_of(row.cells.back()));
    }
    rows_.push_back(std::move(row));
}

void Table::note(const std::string& text) { rows_.back().notes += "    " + host::printable(text) + '\n'; }

std::string Table::line_of(const std::vector<std::string>& cells) const {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string padding(widths_[i] - host::columns_of(cells[i]), ' ');
        if (i > 0) line += "  ";
        line += columns_[i].align == Align::right ? padding + cells[i] : cells[i] + padding;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line + '\n';
}

std::string Table::text() const {
    if (rows_.empty()) return {};
    std::vector<std::string> headings;
    for (const auto& column : columns_) headings.push_back(column.heading);
    std::string out = line_of(headings);
    for (const auto& row : rows_) out += line_of(row.cells) + row.notes;
    return out;
}

}  // namespace archaeologist::cli
