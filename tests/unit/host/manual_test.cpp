#include "host/manual.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

using namespace archaeologist::host;

namespace {

Usage program(std::string description) {
    Usage usage;
    usage.name = "program";
    usage.options.push_back(
        {.names = {"-f", "--file"}, .value_name = "FILE", .values = {}, .description = std::move(description)});
    return usage;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("nothing in a description is taken for an instruction of the page") {
    CHECK(holds(manual(program(".so /etc/passwd")), "\n\\&.so /etc/passwd\n"));
    CHECK(holds(manual(program("'quoted'")), "\n\\&\\(aqquoted\\(aq\n"));
    CHECK(holds(manual(program("a\\fBb")), "\na\\efBb\n"));
    CHECK(holds(manual(program("--x ~ ^ `y`")), "\n\\-\\-x \\(ti \\(ha \\(gay\\(ga\n"));
}

TEST_CASE("no line is longer than tools accept, and none that was broken begins with a control character") {
    std::string description = "word";
    for (int i = 0; i < 60; ++i) description += " .git 'or' --something";
    const auto page = manual(program(description));
    std::size_t begin = 0;
    for (auto end = page.find('\n'); end != std::string::npos; begin = end + 1, end = page.find('\n', begin)) {
        const std::string line = page.substr(begin, end - begin);
        CHECK(line.size() <= 80);
        CHECK(!line.starts_with(".git"));
        CHECK(!line.starts_with('\''));
    }
}

TEST_CASE("each variable that a description names is told once, with the options that name it") {
    auto usage = program("Where; default: $HOME, else $XDG_DATA_HOME/x [$HOME]");
    usage.options.push_back({.names = {"--other"}, .value_name = "", .values = {}, .description = "As $HOME says"});
    const auto page = manual(usage);
    CHECK(holds(page, ".TP\n\\fBHOME\\fR\nSee \\fB\\-\\-file\\fR, \\fB\\-\\-other\\fR.\n"));
    CHECK(holds(page, ".TP\n\\fBXDG_DATA_HOME\\fR\nSee \\fB\\-\\-file\\fR.\n"));
    CHECK(page.find("\\fBHOME\\fR") == page.rfind("\\fBHOME\\fR"));
}

TEST_CASE("the exit status is what the help's last lines say of it") {
    auto usage = program("File");
    CHECK(!holds(manual(usage), "EXIT STATUS"));
    usage.footer = "Something else. Exit: 0 done,\n1 the work failed.";
    CHECK(holds(manual(usage), ".SH EXIT STATUS\n0 done, 1 the work failed.\n"));
}
