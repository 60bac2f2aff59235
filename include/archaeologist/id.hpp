// Identifiers. Projects, sources and users are small integers, jobs, generations and points are UUIDs (RFC 9562);
// each kind is a type of its own, so one cannot be passed for another.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "archaeologist/clock.hpp"

namespace archaeologist {

enum class ProjectId : std::int64_t {};
enum class SourceId : std::int64_t {};
enum class UserId : std::int64_t {};

inline constexpr UserId local_user{1};  // who acts when no keys are in use

template <class Enum>
[[nodiscard]] constexpr std::int64_t to_integer(Enum id) {
    return static_cast<std::int64_t>(id);
}

struct Uuid {
    std::array<std::uint8_t, 16> bytes{};

    auto operator<=>(const Uuid&) const = default;
    [[nodiscard]] bool is_nil() const { return *this == Uuid{}; }
    [[nodiscard]] std::string text() const;  // lower case, with hyphens
    // Accepts the 36-character form only, in either case.
    [[nodiscard]] static std::optional<Uuid> parse(std::string_view text);
    [[nodiscard]] static Uuid from_bytes(std::string_view sixteen_bytes);
    [[nodiscard]] std::string_view view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
    // Version 7: time-ordered; strictly increasing within one process.
    [[nodiscard]] static Uuid v7(TimePoint now);
    // Version 5: the same name under the same space is always the same id.
    [[nodiscard]] static Uuid v5(const Uuid& name_space, std::string_view name);
};

// A Uuid that names one kind of thing.
template <class Tag>
struct TypedUuid : Uuid {
    TypedUuid() = default;
    explicit TypedUuid(const Uuid& uuid) : Uuid(uuid) {}
    auto operator<=>(const TypedUuid&) const = default;
};

using JobId = TypedUuid<struct JobTag>;
using GenerationId = TypedUuid<struct GenerationTag>;  // one processing of one version of a source by one model
using PointId = TypedUuid<struct PointTag>;            // one chunk in a vector store

struct UuidHash {
    [[nodiscard]] std::size_t operator()(const Uuid& id) const { return std::hash<std::string_view>{}(id.view()); }
};

// SHA-256 of a blob's bytes: its name in the lake.
struct ContentHash {
    std::array<std::uint8_t, 32> bytes{};

    auto operator<=>(const ContentHash&) const = default;
    [[nodiscard]] std::string hex() const;
    [[nodiscard]] static std::optional<ContentHash> parse(std::string_view hex);
    [[nodiscard]] static ContentHash of(std::string_view content);
};

}  // namespace archaeologist
