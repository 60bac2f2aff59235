#include "engine/ignore.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>

#include "archaeologist/walk.hpp"
#include "support/temporary_folder.hpp"

using namespace archaeologist;

namespace {

Verdict of(std::string_view rules, std::string_view path, EntryKind kind = EntryKind::file) {
    return IgnoreRules::parse(rules).verdict(path, kind);
}

std::string pick(std::mt19937& rng, const std::vector<std::string>& from) { return from[rng() % from.size()]; }

// A .gitignore of a few lines made of pieces that mean something to Git.
std::string random_rules(std::mt19937& rng) {
    const std::vector<std::string> pieces{"a", "b",    "ab",   "*", "**",  "a*",          "*b",
                                          "?", "[ab]", "[!a]", "x", "\\a", "[[:alpha:]]b"};
    std::string rules;
    const auto lines = 1 + rng() % 4;
    for (std::size_t line = 0; line < lines; ++line) {
        if (rng() % 4 == 0) rules += '!';
        if (rng() % 4 == 0) rules += '/';
        const auto parts = 1 + rng() % 3;
        for (std::size_t part = 0; part < parts; ++part) rules += (part > 0 ? "/" : "") + pick(rng, pieces);
        if (rng() % 4 == 0) rules += '/';
        rules += '\n';
    }
    return rules;
}

void make_file(const std::string& path, std::string_view content) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << content;
}

std::set<std::string> walked(const std::string& folder) {
    std::set<std::string> names;
    const std::string paths[] = {folder};
    const Status done = walk_files(
        paths, {},
        [&](const Found& found) {
            names.insert(found.name);
            return Visit::go_on;
        },
        [](const std::string& path, const Error& error) { FAIL((path + error.message)); });
    REQUIRE(done);
    return names;
}

// What Git would add.
std::set<std::string> listed_by_git(const std::string& folder) {
    const std::string command = "git -C " + folder + " ls-files --others --exclude-standard -z";
    std::FILE* pipe = ::popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::set<std::string> names;
    std::string name;
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) {
        if (c != '\0') {
            name += static_cast<char>(c);
            continue;
        }
        names.insert(name);
        name.clear();
    }
    REQUIRE(::pclose(pipe) == 0);
    return names;
}

}  // namespace

TEST_CASE("ignore rules read as gitignore(5) says") {
    CHECK(of("*.o\n", "a/b.o") == Verdict::ignored);
    CHECK(of("/b.o\n", "a/b.o") == Verdict::none);
    CHECK(of("a/*.o\n", "a/b.o") == Verdict::ignored);
    CHECK(of("a/*.o\n", "a/c/b.o") == Verdict::none);
    CHECK(of("a/**/b\n", "a/b") == Verdict::ignored);
    CHECK(of("a/**/b\n", "a/x/y/b") == Verdict::ignored);
    CHECK(of("a/**\n", "a") == Verdict::none);
    CHECK(of("a/**\n", "a/x") == Verdict::ignored);
    CHECK(of("build/\n", "build", EntryKind::folder) == Verdict::ignored);
    CHECK(of("build/\n", "build") == Verdict::none);
    CHECK(of("*.o\n!keep.o\n", "keep.o") == Verdict::kept);
    CHECK(of("# a comment\n\\#a\n", "#a") == Verdict::ignored);
    CHECK(of("a \n", "a") == Verdict::ignored);
    CHECK(of("a\\ \n", "a ") == Verdict::ignored);
    CHECK(of("[abc\n", "a") == Verdict::none);
}

TEST_CASE("a hostile pattern costs no more than pattern times name") {
    std::string pattern;
    for (int i = 0; i < 500; ++i) pattern += "*a";
    CHECK_FALSE(matches_wildcard(pattern + "b", std::string(5'000, 'a')));
    std::string folders;
    for (int i = 0; i < 200; ++i) folders += "**/a/";
    std::string path = "a";
    for (int i = 0; i < 1'000; ++i) path += "/a";
    CHECK(of(folders + "b\n", path) == Verdict::none);
}

TEST_CASE("the walk finds what Git would add, whatever the rules") {
    std::mt19937 rng(4);
    for (int round = 0; round < 40; ++round) {
        const TemporaryFolder folder;
        REQUIRE(std::system(("git -C " + folder.path() + " init -q .").c_str()) == 0);
        const std::vector<std::string> parts{"a", "b", "ab", "x", "bb"};
        for (int file = 0; file < 25; ++file) {
            std::string path = folder.path();
            const auto depth = 1 + rng() % 3;
            for (std::size_t level = 0; level < depth; ++level) path += "/" + pick(rng, parts);
            struct stat status {};
            if (::stat(path.c_str(), &status) == 0) continue;
            std::error_code error;  // a part of the path may be a file already
            std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
            if (!error) std::ofstream(path) << "x";
        }
        const std::string rules = random_rules(rng);
        const std::string inner = random_rules(rng);
        make_file(folder.path() + "/.gitignore", rules);
        if (std::filesystem::is_directory(folder.path() + "/a")) make_file(folder.path() + "/a/.gitignore", inner);
        INFO("rules:\n" << rules << "in a:\n" << inner);
        CHECK(walked(folder.path()) == listed_by_git(folder.path()));
    }
}
