#include "text/graphemes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "archaeologist/chunker.hpp"
#include "support/missing_input.hpp"

using namespace archaeologist;

namespace {

// Of Unicode 15.0, by Debian's package unicode-data.
constexpr const char* unicode_tests = "/usr/share/unicode/auxiliary/GraphemeBreakTest.txt";

struct Sample {
    std::string text;
    std::set<std::size_t> boundaries;  // the begin and the end included
    std::vector<std::size_t> begins;   // of code points
};

std::string utf8_of(char32_t value) {
    const auto byte = [](char32_t bits) { return static_cast<char>(bits); };
    if (value < 0x80) return {byte(value)};
    if (value < 0x800) return {byte(0xC0 | value >> 6), byte(0x80 | (value & 0x3F))};
    if (value < 0x10000)
        return {byte(0xE0 | value >> 12), byte(0x80 | (value >> 6 & 0x3F)), byte(0x80 | (value & 0x3F))};
    return {byte(0xF0 | value >> 18), byte(0x80 | (value >> 12 & 0x3F)), byte(0x80 | (value >> 6 & 0x3F)),
            byte(0x80 | (value & 0x3F))};
}

// "÷ 0020 × 0308 ÷ 0020 ÷	# …"
Sample parse(const std::string& line) {
    Sample sample;
    std::istringstream words(line.substr(0, line.find('#')));
    for (std::string word; words >> word;) {
        if (word == "÷") {
            sample.boundaries.insert(sample.text.size());
        } else if (word != "×") {
            sample.begins.push_back(sample.text.size());
            sample.text += utf8_of(static_cast<char32_t>(std::stoul(word, nullptr, 16)));
        }
    }
    return sample;
}

std::vector<Sample> samples() {
    std::vector<Sample> all;
    std::ifstream file(unicode_tests);
    for (std::string line; std::getline(file, line);) {
        if (Sample sample = parse(line); !sample.text.empty()) all.push_back(std::move(sample));
    }
    return all;
}

}  // namespace

TEST_CASE("Unicode's own tests: a boundary is found wherever one looks from") {
    const auto all = samples();
    if (all.empty()) return leave_out(unicode_tests);
    REQUIRE(all.size() > 500);
    for (const Sample& sample : all) {
        for (const std::size_t limit : sample.begins) {
            CAPTURE(sample.text);
            CAPTURE(limit);
            const std::size_t expected = *std::prev(sample.boundaries.upper_bound(limit));
            CHECK(last_grapheme_boundary(sample.text, limit).at == expected);
            if (limit > 0 && surely_parts_graphemes(sample.text, limit)) CHECK(sample.boundaries.contains(limit));
        }
    }
}

TEST_CASE("Unicode's own tests, strung together, are cut at boundaries only") {
    const auto all = samples();
    if (all.empty()) return leave_out(unicode_tests);
    std::string text;
    std::set<std::size_t> boundaries{0};
    for (const Sample& sample : all) {
        for (const std::size_t at : sample.boundaries) boundaries.insert(text.size() + at);
        text += sample.text;
        text += "\u2028";  // a control: a boundary on both sides, and no end of a line to the chunker
        boundaries.insert(text.size());
    }
    for (const TextKind kind : {TextKind::plain, TextKind::markdown, TextKind::code, TextKind::table}) {
        const ChunkOptions options{.kind = kind, .target_tokens = 16, .max_tokens = 20, .overlap = 0.3};
        for (const Chunk& part : chunk(text, options).value()) {
            CHECK(boundaries.contains(part.core.begin));
            CHECK(boundaries.contains(part.context.begin));
        }
    }
}
