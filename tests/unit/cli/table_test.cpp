#include "cli/table.hpp"

#include <doctest/doctest.h>

using namespace archaeologist::cli;

TEST_CASE("columns are as wide as their widest cell and numbers stand right") {
    Table table({{"NAME"}, {"SIZE", Align::right}, {"TYPE"}});
    table.add({"a", "1", "code"});
    table.add({"会計", "1,000", "x"});
    CHECK(table.text() ==
          "NAME   SIZE  TYPE\n"
          "a         1  code\n"
          "会計  1,000  x\n");
}

TEST_CASE("a note stands under its row, and nothing in a cell can break the table") {
    Table table({{"NAME"}});
    table.add({"two\nlines\033[0m"});
    table.note("because\nof that");
    CHECK(table.text() ==
          "NAME\n"
          "two\\nlines\\x1b[0m\n"
          "    because\\nof that\n");
}

TEST_CASE("a table without rows is nothing at all") { CHECK(Table({{"NAME"}}).text().empty()); }
