#include "vector/filter.hpp"

#include <algorithm>

namespace archaeologist {
namespace {

template <class Value, class Wanted>
bool is_among(const std::vector<Value>& values, const Wanted& wanted) {
    return values.empty() || std::find(values.begin(), values.end(), wanted) != values.end();
}

template <class Value, class Wanted>
bool is_barred(const std::vector<Value>& values, const Wanted& found) {
    return !values.empty() && is_among(values, found);
}

bool any_matches(const std::vector<Glob>& globs, std::string_view name) {
    return std::any_of(globs.begin(), globs.end(), [&](const Glob& glob) { return glob.matches(name); });
}

}  // namespace

DocumentFilter::DocumentFilter(const VectorFilter& filter)
    : filter_(filter),
      paths_(filter.paths.begin(), filter.paths.end()),
      not_paths_(filter.not_paths.begin(), filter.not_paths.end()),
      admits_all_(filter.sources.empty() && filter.languages.empty() && filter.file_types.empty() &&
                  filter.path_glob.empty() && filter.paths.empty() && filter.not_languages.empty() &&
                  filter.not_file_types.empty() && filter.not_paths.empty()) {
    if (!filter.path_glob.empty()) glob_.emplace_back(filter.path_glob);
}

bool DocumentFilter::admits(SourceId source, std::string_view name, std::string_view file_type,
                            std::string_view language) const {
    const bool is_wanted = is_among(filter_.sources, source) && is_among(filter_.file_types, file_type) &&
                           is_among(filter_.languages, language) && !is_barred(filter_.not_file_types, file_type) &&
                           !is_barred(filter_.not_languages, language);
    return is_wanted && (glob_.empty() || any_matches(glob_, name)) && (paths_.empty() || any_matches(paths_, name)) &&
           !any_matches(not_paths_, name);
}

}  // namespace archaeologist
