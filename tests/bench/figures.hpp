// One JSON line of figures, which is what every benchmark prints. Units last in the names.
#pragma once

#include <chrono>
#include <string_view>
#include <vector>

#include "archaeologist/json.hpp"

namespace archaeologist::bench {

class Figures {
public:
    explicit Figures(std::string_view benchmark);

    void add(std::string_view name, std::string_view text) { writer_.field(name, text); }
    void add(std::string_view name, std::uint64_t count) { writer_.field(name, count); }
    // Rounded to four digits: more were not measured.
    void add(std::string_view name, double value);
    void print() &&;

private:
    JsonWriter writer_;
};

class Stopwatch {
public:
    [[nodiscard]] double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
    }
    [[nodiscard]] double ms() const { return seconds() * 1'000; }

private:
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

// The smallest value that `percent` of all do not exceed. `values` must not be empty.
[[nodiscard]] double percentile(std::vector<double> values, double percent);

[[nodiscard]] double mb_per_s(std::uint64_t bytes, double seconds);

}  // namespace archaeologist::bench
