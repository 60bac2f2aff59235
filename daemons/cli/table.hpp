// Rows under headings, columns as wide as their widest cell; the last column is free.
#pragma once

#include <string>
#include <vector>

namespace archaeologist::cli {

enum class Align { left, right };

class Table {
public:
    struct Column {
        std::string heading;
        Align align = Align::left;
    };

    explicit Table(std::vector<Column> columns);

    // As many cells as there are columns; made printable here.
    void add(const std::vector<std::string>& cells);
    // A line of its own under the last row, indented.
    void note(const std::string& text);

    // Empty when there is no row.
    [[nodiscard]] std::string text() const;

private:
    struct Row {
        std::vector<std::string> cells;
        std::string notes;
    };

    [[nodiscard]] std::string line_of(const std::vector<std::string>& cells) const;

    std::vector<Column> columns_;
    std::vector<std::size_t> widths_;
    std::vector<Row> rows_;
};

}  // namespace archaeologist::cli
