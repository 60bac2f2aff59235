// Reads what programs pass: texts, lists, numbers, enumerators, options. A bad one is named, with its value and the rule.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/archaeologist.h"
#include "archaeologist/engine.hpp"
#include "archaeologist/id.hpp"
#include "archaeologist/job.hpp"
#include "archaeologist/result.hpp"

namespace archaeologist::capi {

using Milliseconds = std::chrono::milliseconds;

inline constexpr std::int64_t week_ms = std::int64_t{7} * 24 * 3'600 * 1'000;

[[nodiscard]] Error bad_number(std::string_view name, std::int64_t value, std::string_view rule);

// A pointer that must be given: an output, a name.
[[nodiscard]] Status require_pointer(std::string_view name, const void* pointer);

// A NUL-terminated text that must be given, of at most bytes_max bytes.
[[nodiscard]] Result<std::string> text(std::string_view name, const char* given, std::size_t bytes_max = 64 << 10);
// The same where NULL stands for `fallback`.
[[nodiscard]] Result<std::string> text_or(std::string_view name, const char* given, std::string_view fallback,
                                          std::size_t bytes_max = 64 << 10);
// Bytes by pointer and size: NULL only with size 0. Errors: invalid_argument, too_large.
[[nodiscard]] Result<std::string_view> bytes(std::string_view name, const void* given, std::size_t size,
                                             std::uint64_t bytes_max);
[[nodiscard]] Result<std::vector<std::string>> texts(std::string_view name, const char* const* given, std::size_t count,
                                                     std::size_t count_max);
// At least `least`, at most `most`, or 0 for `fallback`.
[[nodiscard]] Result<std::int64_t> number(std::string_view name, std::int64_t value, std::int64_t least,
                                          std::int64_t most, std::int64_t fallback);
// Milliseconds that must be whole units, as number().
template <class Unit>
[[nodiscard]] Result<Unit> whole(std::string_view name, std::int64_t value, std::int64_t most, Unit fallback) {
    constexpr std::int64_t unit_ms = Milliseconds(Unit(1)).count();
    ARCHAEO_ASSIGN(const std::int64_t ms, number(name, value, unit_ms, most, Milliseconds(fallback).count()));
    if (ms % unit_ms != 0) return bad_number(name, ms, "must be a multiple of " + std::to_string(unit_ms) + " ms");
    return std::chrono::duration_cast<Unit>(Milliseconds(ms));
}

[[nodiscard]] Result<JobId> job_id(std::string_view name, const char* given);
// NULL stands for the nil one.
[[nodiscard]] Result<GenerationId> generation_id(const char* given);
[[nodiscard]] Result<Priority> priority(int32_t given);
[[nodiscard]] Result<IfUnchanged> if_unchanged(int32_t given);
[[nodiscard]] constexpr int32_t to_c(Priority priority) { return static_cast<int32_t>(priority) + 1; }
// Retries and similar: 0 = fallback, ARCHAEO_NONE = 0.
[[nodiscard]] Result<int> count_or_none(std::string_view name, int32_t given, int most, int fallback);
// Of an array for one page.
[[nodiscard]] Result<std::int64_t> page_size(std::size_t capacity);
// An overlap: 0 = fallback, ARCHAEO_NONE = 0.
[[nodiscard]] double fraction_or_none(double given, double fallback);

template <class Id>
[[nodiscard]] Result<std::vector<Id>> ids(std::string_view name, const std::int64_t* given, std::size_t count) {
    constexpr std::size_t count_max = 1'000;
    if (count > count_max)
        return bad_number(std::string(name) + " count", static_cast<std::int64_t>(count), "must be at most 1000");
    if (count > 0) ARCHAEO_TRY(require_pointer(name, given));
    std::vector<Id> all;
    for (const std::int64_t id : std::span(given, count)) all.push_back(Id{id});
    return all;
}

// Errors: invalid_argument (too small for the size itself, absurd, or with bytes that are not known here).
[[nodiscard]] Status check_struct(std::string_view name, const void* given, std::size_t given_size,
                                  std::size_t known_size);

// The rule of struct_size: what an older program does not know is zero, what a newer one says and is not known here is
// refused. NULL stands for all zero.
template <class Options>
[[nodiscard]] Result<Options> options(std::string_view name, const Options* given) {
    Options known{};
    known.struct_size = sizeof known;
    if (given == nullptr) return known;
    std::size_t size = 0;
    std::memcpy(&size, given, sizeof size);
    ARCHAEO_TRY(check_struct(name, given, size, sizeof known));
    std::memcpy(&known, given, std::min(size, sizeof known));
    known.struct_size = sizeof known;
    return known;
}

// The same for each of an array, whose elements lie the first one's struct_size apart.
template <class Options>
[[nodiscard]] Result<std::vector<Options>> options_array(std::string_view name, const Options* given, std::size_t count,
                                                         std::size_t count_max) {
    if (count > count_max) {
        return bad_number(
            std::string(name) + " count",
            static_cast<std::int64_t>(std::min<std::size_t>(count, std::numeric_limits<std::int64_t>::max())),
            "must be at most " + std::to_string(count_max));
    }
    std::vector<Options> all;
    if (count == 0) return all;
    ARCHAEO_TRY(require_pointer(name, given));
    std::size_t stride = 0;
    std::memcpy(&stride, given, sizeof stride);
    const auto* at = reinterpret_cast<const char*>(given);
    for (std::size_t i = 0; i < count; ++i, at += stride) {
        std::size_t size = 0;
        std::memcpy(&size, at, sizeof size);
        const std::string element = std::string(name) + '[' + std::to_string(i) + ']';
        if (size != stride) {
            return bad_number(element + ".struct_size", static_cast<std::int64_t>(size), "must be that of the first");
        }
        Options known{};
        ARCHAEO_TRY(check_struct(element, at, size, sizeof known));
        std::memcpy(&known, at, std::min(size, sizeof known));
        all.push_back(known);
    }
    return all;
}

}  // namespace archaeologist::capi
