// Which documents a filter admits. Pure.
#pragma once

#include <string_view>
#include <vector>

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
    std::vector<Glob> glob_;  // at most one
    std::vector<Glob> paths_;
    std::vector<Glob> not_paths_;
    bool admits_all_;
};

}  // namespace archaeologist
