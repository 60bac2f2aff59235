#include "cli/progress.hpp"

#include <doctest/doctest.h>

#include "host/printable.hpp"

using namespace archaeologist;
using namespace archaeologist::cli;

namespace {

IngestProgress half_way() {
    IngestProgress progress;
    progress.files_found = 10'000;
    progress.files_stored = 9'000;
    progress.files_unchanged = 1'000;
    progress.jobs_finished = 4'000;
    progress.bytes_found = 900'000'000;
    progress.bytes_finished = 312'000'000;
    progress.walking = false;
    return progress;
}

}  // namespace

TEST_CASE("the progress line says percent, files, time left, rate and size") {
    const auto line = progress_line(half_way(), 10, 100);
    CHECK(line == "50%  [##############--------------]  5,000/10,000 files  ETA 0:10  31.2 MB/s  312 MB");
}

TEST_CASE("the progress line fits every width and gives up what matters least first") {
    for (std::size_t columns = 0; columns <= 200; ++columns) {
        CHECK(host::columns_of(progress_line(half_way(), 10, columns)) <= columns);
        auto walking = half_way();
        walking.walking = true;
        CHECK(host::columns_of(progress_line(walking, 10, columns)) <= columns);
    }
    CHECK(progress_line(half_way(), 10, 3) == "50%");
    CHECK(progress_line(half_way(), 10, 30) == "50%  5,000/10,000 files");
}

TEST_CASE("while files are still being found there is neither percent nor time left") {
    auto progress = half_way();
    progress.walking = true;
    const auto line = progress_line(progress, 10, 100);
    CHECK(line == "finding files: 10,000  5,000 done  31.2 MB/s  312 MB");
    CHECK(progress_report(progress, 10) == "5,000 of 10,000 files found so far, 312 MB, 31.2 MB/s");
}

TEST_CASE("100% means that nothing is left") {
    auto progress = half_way();
    progress.jobs_finished = 8'999;
    CHECK(progress_line(progress, 10, 3) == "99%");
    progress.jobs_finished = 9'000;
    CHECK(progress_line(progress, 10, 4) == "100%");
}

TEST_CASE("an empty tree is done, and odd figures break nothing") {
    IngestProgress nothing;
    CHECK(done_fraction(nothing) == 0);
    nothing.walking = false;
    CHECK(done_fraction(nothing) == 1);
    CHECK(progress_line(nothing, 0, 80).starts_with("100%"));
    nothing.files_found = 1;
    nothing.jobs_finished = 5;
    CHECK(done_fraction(nothing) == 1);
}

TEST_CASE("the report for logs is one sentence") {
    CHECK(progress_report(half_way(), 10) == "5,000 of 10,000 files (50%), 312 MB, 31.2 MB/s, ETA 0:10");
}
