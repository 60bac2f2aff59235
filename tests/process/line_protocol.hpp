// How a test talks to one of its processes: lines of words, `VERB NAME=VALUE ...`; no word holds a space.
#pragma once

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>

namespace archaeologist {

class Line {
public:
    explicit Line(std::string_view text) {
        while (!text.empty()) {
            const auto end = std::min(text.find(' '), text.size());
            add(text.substr(0, end));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
    }

    [[nodiscard]] const std::string& verb() const { return verb_; }
    [[nodiscard]] bool has(std::string_view name) const { return values_.contains(name); }
    [[nodiscard]] std::string text(std::string_view name, std::string_view otherwise = {}) const {
        const auto found = values_.find(name);
        return found == values_.end() ? std::string(otherwise) : found->second;
    }
    [[nodiscard]] std::int64_t integer(std::string_view name, std::int64_t otherwise = 0) const {
        const std::string digits = text(name);
        std::int64_t value = otherwise;
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return value;
    }

private:
    void add(std::string_view word) {
        const auto equals = word.find('=');
        if (equals == std::string_view::npos) {
            verb_ = word;
        } else {
            values_.emplace(word.substr(0, equals), word.substr(equals + 1));
        }
    }

    std::string verb_;
    std::map<std::string, std::string, std::less<>> values_;
};

// One line to the test, whole even when several threads have something to say. Nothing is lost when the process is
// killed after it.
inline void say(std::string line) {
    line += '\n';
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fflush(stdout);
}

// Counts alike in all processes, and like Python's time.monotonic().
[[nodiscard]] inline std::string monotonic_ms() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::to_string(std::chrono::duration<double, std::milli>(now).count());
}

}  // namespace archaeologist
