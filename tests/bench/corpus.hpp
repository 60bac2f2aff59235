// Text to measure with: generated, or real files varied. The same arguments always give the same bytes.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/clock.hpp"
#include "archaeologist/result.hpp"

namespace archaeologist::bench {

// Words with frequencies like those of real text (Zipf, exponent 1.07): the first are English and of code, the rest is
// made of syllables. One thread at a time.
class TextMaker {
public:
    explicit TextMaker(std::uint64_t seed);

    [[nodiscard]] const std::string& word();
    // Sentences and paragraphs, functions, or rows below a header; about `bytes` long.
    [[nodiscard]] std::string prose(std::size_t bytes);
    [[nodiscard]] std::string code(std::size_t bytes);
    [[nodiscard]] std::string rows(std::size_t bytes);
    [[nodiscard]] Rng& rng() { return rng_; }

private:
    [[nodiscard]] std::string identifier();
    [[nodiscard]] std::string sentence();
    [[nodiscard]] std::string function();

    Rng rng_;
    std::vector<std::string> words_;
    std::vector<double> cumulative_;
};

struct TextFile {
    std::string name;  // a relative path
    std::string text;
};

// `count` generated files of about `bytes` each, every other one code. Written under `folder`. Errors: io_error.
[[nodiscard]] Status write_generated(const std::string& folder, std::size_t count, std::size_t bytes);

// The text files under a path, in order of their names, up to `bytes_max` in total. Errors: not_found.
[[nodiscard]] Result<std::vector<TextFile>> read_tree(const std::string& path, std::uint64_t bytes_max);

// The same text as another file of its kind: one word in sixteen, others in each copy, carries the copy's number.
[[nodiscard]] std::string varied(std::string_view text, std::uint64_t copy);

[[nodiscard]] Status write_file(const std::string& path, std::string_view text);

}  // namespace archaeologist::bench
