// What is at the other end of standard output and standard error.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

#include "archaeologist/result.hpp"
#include "host/environment.hpp"

namespace archaeologist::host {

[[nodiscard]] bool is_terminal(int descriptor);

// In columns; 80 when it cannot be told.
[[nodiscard]] std::size_t terminal_width(int descriptor);

enum class Emphasis { none, bold };

// Bold only on a terminal that can show it, and not when NO_COLOR is set (no-color.org).
[[nodiscard]] Emphasis emphasis_for(int descriptor, const Environment& environment);

// Writes all of it to standard output. A reader that has gone (a closed pipe) is no failure: it has had enough.
// Errors: storage_full, io_error.
[[nodiscard]] Status write_output(std::string_view text);

// Standard error as logs and one redrawn status line share it: a message never lands inside the line. Thread-safe.
class StatusLine {
public:
    static StatusLine& standard_error();

    // Replaces the line; shown on a terminal only. `text` must fit the width.
    void show(const std::string& text);
    void clear();
    // Prints whole lines above it.
    void message(std::string_view lines);

private:
    StatusLine() = default;
    void draw(std::string_view before);

    std::mutex mutex_;
    std::string shown_;  // guarded by mutex_
};

}  // namespace archaeologist::host
