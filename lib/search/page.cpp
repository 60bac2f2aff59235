#include "search/page.hpp"

namespace archaeologist {

std::string symbol_of(std::string_view file_type, std::string_view heading) {
    return file_type == "code" || file_type == "sql" ? std::string(heading) : std::string();
}

void PageBuilder::add(Hit hit) {
    const auto same = by_content_.find(hit.content);
    if (same != by_content_.end()) {
        if (same->second < request_.offset || same->second >= request_.offset + hits_.size()) return;
        std::vector<AlsoIn>& also_in = hits_[same->second - request_.offset].also_in;
        if (also_in.size() < also_in_max)
            also_in.push_back({hit.source_id, std::move(hit.source_name), hit.line_range});
        return;
    }
    if (is_full()) return;
    std::size_t& of_source = of_source_[to_integer(hit.source_id)];
    if (request_.per_source != 0 && of_source == request_.per_source) return;
    ++of_source;
    by_content_.emplace(hit.content, taken_);
    if (taken_ >= request_.offset) hits_.push_back(std::move(hit));
    ++taken_;
}

}  // namespace archaeologist
