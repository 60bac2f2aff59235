// Reads the members of JSON objects. The first that is missing or malformed is remembered with its place, and whoever
// reads on gets empty values; so a whole reply is read first and judged once.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "archaeologist/clock.hpp"
#include "archaeologist/id.hpp"
#include "archaeologist/result.hpp"

namespace archaeologist::cli {

class Fields {
public:
    // `trouble` outlives it.
    Fields(simdjson::dom::element element, std::string place, std::string& trouble);

    [[nodiscard]] std::string text(std::string_view key) const;
    [[nodiscard]] std::string text_or_nothing(std::string_view key) const;  // empty when null or missing
    [[nodiscard]] bool flag(std::string_view key) const;
    [[nodiscard]] double real(std::string_view key) const;
    [[nodiscard]] std::int64_t integer(std::string_view key) const;
    [[nodiscard]] std::uint64_t count(std::string_view key) const;
    [[nodiscard]] int small(std::string_view key) const;         // an int
    [[nodiscard]] std::string json(std::string_view key) const;  // any value; empty when null
    [[nodiscard]] TimePoint time(std::string_view key) const;
    [[nodiscard]] Uuid uuid(std::string_view key) const;
    [[nodiscard]] ContentHash hash(std::string_view key) const;

    template <class Id>
    [[nodiscard]] Id id(std::string_view key) const {
        return static_cast<Id>(integer(key));
    }
    template <class Enum>
    [[nodiscard]] Enum name(std::string_view key, std::optional<Enum> (*parse)(std::string_view)) const {
        const auto value = parse(text(key));
        if (!value) bad(key);
        return value.value_or(Enum{});
    }

    // Neither null nor missing.
    [[nodiscard]] bool has(std::string_view key) const;
    // Nothing when it has none: `fields.if_any("started_at", &Fields::time)`.
    template <class Value>
    [[nodiscard]] std::optional<Value> if_any(std::string_view key,
                                              Value (Fields::*read)(std::string_view) const) const {
        return has(key) ? std::optional<Value>((this->*read)(key)) : std::nullopt;
    }

    [[nodiscard]] Fields object(std::string_view key) const;
    // [first, second]
    struct Pair {
        std::uint64_t first = 0;
        std::uint64_t second = 0;
    };
    [[nodiscard]] Pair pair(std::string_view key) const;
    [[nodiscard]] std::vector<Pair> pairs(std::string_view key) const;
    [[nodiscard]] std::vector<std::string> texts(std::string_view key) const;

    // What `read` makes of each object of an array.
    template <class Read>
    [[nodiscard]] auto each(std::string_view key, Read read) const {
        std::vector<decltype(read(*this))> all;
        for (const auto element : elements(key)) {
            const std::string place = place_of(key) + '[' + std::to_string(all.size()) + ']';
            all.push_back(read(Fields(element, place, trouble_)));
            if (!trouble_.empty()) break;
        }
        return all;
    }

    void bad(std::string_view key) const;

private:
    [[nodiscard]] std::vector<simdjson::dom::element> elements(std::string_view key) const;
    [[nodiscard]] std::string place_of(std::string_view key) const;
    template <class Value>
    [[nodiscard]] Value get(std::string_view key) const;
    [[nodiscard]] Pair pair_of(simdjson::dom::element element, std::string_view key) const;

    simdjson::dom::element element_;  // looked at only while there is no trouble: else it may be none at all
    std::string place_;
    std::string& trouble_;
};

// Parses a text and hands its root to `read`. Errors: incompatible.
template <class Read>
[[nodiscard]] auto read_json(std::string_view json, Read read)
    -> Result<decltype(read(std::declval<const Fields&>()))> {
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    if (const auto failure = parser.parse(json.data(), json.size()).get(root); failure != simdjson::SUCCESS) {
        return Error{Code::incompatible, std::string("not valid JSON: ") + simdjson::error_message(failure)};
    }
    std::string trouble;
    auto value = read(Fields(root, "", trouble));
    if (!trouble.empty()) return Error{Code::incompatible, trouble + " is missing or malformed"};
    return value;
}

}  // namespace archaeologist::cli
