// The active sources as one search sees them.
#pragma once

#include <string>
#include <unordered_map>

#include "search/catalog.hpp"

namespace archaeologist {

// Remembers what it asked. One thread at a time.
class ActiveSources {
public:
    explicit ActiveSources(ActiveSnapshot& snapshot) : snapshot_(snapshot) {}

    // Null when the generation is not the source's active one. Lives as long as this.
    [[nodiscard]] Result<const ActiveSource*> find(ProjectId project, SourceId source, const GenerationId& generation) {
        ARCHAEO_ASSIGN(const ActiveSource* active, find(source));
        const bool is_active = active != nullptr && active->generation == generation && active->project_id == project;
        return is_active ? active : static_cast<const ActiveSource*>(nullptr);
    }

    // Null when the source is not searchable. Lives as long as this.
    [[nodiscard]] Result<const GenerationId*> generation(SourceId source) {
        ARCHAEO_ASSIGN(const ActiveSource* active, find(source));
        return active == nullptr ? static_cast<const GenerationId*>(nullptr) : &active->generation;
    }

private:
    Result<const ActiveSource*> find(SourceId source) {
        auto known = sources_.find(to_integer(source));
        if (known == sources_.end()) {
            ARCHAEO_ASSIGN(auto found, snapshot_.find(source));
            known = sources_.emplace(to_integer(source), std::move(found)).first;
        }
        return known->second ? &*known->second : static_cast<const ActiveSource*>(nullptr);
    }

    ActiveSnapshot& snapshot_;
    std::unordered_map<std::int64_t, std::optional<ActiveSource>> sources_;
};

}  // namespace archaeologist
