// JSON that came from outside, read by simdjson.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/result.hpp"
#include "host/http/schema.hpp"

namespace archaeologist::host {

// An object. Cheap to copy; one thread at a time.
class JsonDocument {
public:
    JsonDocument();  // {}
    // At most 1,024 levels deep. Errors: invalid_argument (no JSON, or none that is an object).
    [[nodiscard]] static Result<JsonDocument> parse(std::string_view text);

    // Whether it is as the schema says. Errors: invalid_argument, naming member, value and rule.
    [[nodiscard]] Status check(const Schema& schema) const;

    // A member's value; nothing when it is missing, null or of another type.
    [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> texts(std::string_view name) const;
    [[nodiscard]] std::optional<JsonDocument> object(std::string_view name) const;
    [[nodiscard]] std::optional<std::string> json(std::string_view name) const;

private:
    explicit JsonDocument(std::nullptr_t);
    class Impl;
    std::shared_ptr<const Impl> impl_;
};

}  // namespace archaeologist::host
