// What a Redis server answers, without hiredis's types.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace archaeologist::redis {

// monostate = nil. Error replies are no values: they become Errors.
struct Reply {
    std::variant<std::monostate, std::int64_t, std::string, std::vector<Reply>> value;

    [[nodiscard]] bool is_nil() const { return value.index() == 0; }
    // The wrong kind gives 0, "" or an empty list.
    [[nodiscard]] std::int64_t number() const;
    [[nodiscard]] const std::string& text() const;
    [[nodiscard]] const std::vector<Reply>& list() const;
};

}  // namespace archaeologist::redis
