#include "vector/filter.hpp"

#include <algorithm>

namespace archaeologist {
namespace {

template <class Value, class Wanted>
bool is_among(const std::vector<Value>& values, const Wanted& wanted) {
    return values.empty() || std::find(values.begin(), values.end(), wanted) != values.end();
}

}  // namespace

DocumentFilter::DocumentFilter(const VectorFilter& filter)
    : filter_(filter),
      admits_all_(filter.sources.empty() && filter.languages.empty() && filter.file_types.empty() &&
                  filter.path_glob.empty()) {
    if (!filter.path_glob.empty()) glob_.emplace(filter.path_glob);
}

bool DocumentFilter::admits(SourceId source, std::string_view name, std::string_view file_type,
                            std::string_view language) const {
    return is_among(filter_.sources, source) && is_among(filter_.file_types, file_type) &&
           is_among(filter_.languages, language) && (!glob_ || glob_->matches(name));
}

}  // namespace archaeologist
