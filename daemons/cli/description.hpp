// One thing in full: a line for each of its properties that has a value.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "archaeologist/clock.hpp"

namespace archaeologist::cli {

class Description {
public:
    void add(std::string_view name, const std::string& value);  // made printable here; nothing when it is empty
    void add(std::string_view name, const std::optional<TimePoint>& at);
    [[nodiscard]] std::string text() && { return std::move(text_); }

private:
    std::string text_;
};

}  // namespace archaeologist::cli
