#include "cli/check_text.hpp"

#include <doctest/doctest.h>

using namespace archaeologist;
using namespace archaeologist::cli;

namespace {

const std::vector<Check> checks{{"data folder", Check::Verdict::good, "/data", ""},
                                {"room", Check::Verdict::warning, "1 GB is\nfree", "make room"},
                                {"queue", Check::Verdict::bad, "locked", "end the other program"}};

}  // namespace

TEST_CASE("each check is a line, and what to do stands below it") {
    CHECK(text_of(checks) ==
          "good     data folder  /data\n"
          "warning  room         1 GB is\\nfree\n"
          "         make room\n"
          "bad      queue        locked\n"
          "         end the other program\n");
    CHECK(text_of({}).empty());
}

TEST_CASE("checks are a JSON object that holds them all") {
    CHECK(json_of({}) == R"({"checks":[]})");
    CHECK(json_of(checks).starts_with(R"({"checks":[{"name":"data folder",)"));
    CHECK(json_of(checks).ends_with("}]}"));
}
