// Projects: the walls between sets of sources.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "archaeologist/clock.hpp"
#include "archaeologist/id.hpp"

namespace archaeologist {

// Whether a project's texts and the questions about them may be sent to an embedder that is not the built-in one. denied: the
// built-in model embeds them, and it alone, whatever model the data folder has.
enum class ExternalModels : std::uint8_t { allowed, denied };

[[nodiscard]] std::string_view to_string(ExternalModels external_models);
[[nodiscard]] std::optional<ExternalModels> parse_external_models(std::string_view text);

struct Project {
    ProjectId id{};
    std::string name;  // 1 to 200 bytes of UTF-8, no control characters, unique
    std::string description;
    TimePoint created_at{};
    std::int64_t sources = 0;  // not deleted
    ExternalModels external_models = ExternalModels::allowed;
};

[[nodiscard]] std::string to_json(const Project& project);

}  // namespace archaeologist
