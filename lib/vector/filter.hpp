// Which documents a filter admits. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "archaeologist/vector_store.hpp"
#include "vector/glob.hpp"

namespace archaeologist {

// The filter lives as long as it. Immutable, so thread-safe.
class DocumentFilter {
public:
    explicit DocumentFilter(const VectorFilter& filter);

    [[nodiscard]] bool admits_all() const { return admits_all_; }
    [[nodiscard]] bool admits(SourceId source, std::string_view name, std::string_view file_type,
                              std::string_view language) const;

private:
    const VectorFilter& filter_;
    std::optional<Glob> glob_;
    bool admits_all_;
};

}  // namespace archaeologist
