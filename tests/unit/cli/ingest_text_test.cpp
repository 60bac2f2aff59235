#include "cli/ingest_text.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace archaeologist;
using namespace archaeologist::cli;

TEST_CASE("an ingest ends with what became of the files") {
    IngestReport report;
    report.files = 10'000;
    report.bytes = 312'000'000;
    report.searchable = 9'812;
    report.skipped = 181;
    report.failed = 7;
    report.seconds = 12;
    CHECK(summary_of(report) == "9,812 searchable · 181 skipped · 7 failed (312 MB, 12 s)");
    report.pending = 3;
    report.unchanged = 40;
    report.problem_count = 1;
    CHECK(summary_of(report) ==
          "9,812 searchable · 181 skipped · 7 failed · 3 pending · 40 unchanged · 1 unreadable (312 MB, 12 s)");
}

TEST_CASE("an unchanged tree is said to be one") {
    IngestReport report;
    report.files = report.unchanged = 1'234;
    CHECK(summary_of(report) == "nothing changed: 1,234 files, no jobs");
    report.unchanged = 1;
    CHECK(summary_of(report) == "nothing changed: 1 file, no jobs");
}

TEST_CASE("ten unreadable paths are listed, escaped, and the rest is counted") {
    IngestReport report;
    for (int i = 0; i < 1'000; ++i) {
        report.problems.push_back({"dir/\033[31m" + std::to_string(i), {Code::permission_denied, "not allowed"}});
    }
    report.problem_count = 2'500;
    const auto text = problems_of(report);
    CHECK(std::count(text.begin(), text.end(), '\n') == 11);
    CHECK(text.starts_with("cannot take dir/\\x1b[31m0: not allowed\n"));
    CHECK(text.ends_with("and 2,490 more\n"));
    CHECK(text.find('\033') == std::string::npos);
}

TEST_CASE("a path that the message names is not named twice") {
    IngestReport report;
    report.problems.push_back({"a.txt", {Code::permission_denied, "a.txt: permission denied"}});
    report.problem_count = 1;
    CHECK(problems_of(report) == "cannot take a.txt: permission denied\n");
}
