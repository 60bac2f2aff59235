#include "text/outline/marks.hpp"

#include <algorithm>

#include "text/characters.hpp"
#include "text/outline/scanner.hpp"

namespace archaeologist {
namespace {

// Drops what is before `first`, once that is more than half: so each element is moved a bounded number of times.
template <class Element>
void compact(std::vector<Element>& elements, std::size_t& first) {
    if (first <= elements.size() / 2) return;
    elements.erase(elements.begin(), elements.begin() + static_cast<std::ptrdiff_t>(first));
    first = 0;
}

}  // namespace

void Marks::strengthen(std::uint64_t at, Strength strength) {
    for (std::size_t i = lines_.size(); i > first_line_ && lines_[i - 1].at >= at; --i) {
        if (lines_[i - 1].at == at) lines_[i - 1].strength = std::max(lines_[i - 1].strength, strength);
    }
}

void Marks::add_label(std::uint64_t at, LabelKind kind, std::string text) {
    if (text.size() > label_bytes_max) text.resize(utf8_prefix(text, label_bytes_max).size());
    if (labels_.size() > first_label_ + 1 && labels_.back().at >= at) {
        labels_.back() = {labels_.back().at, kind, std::move(text)};
        return;
    }
    labels_.push_back({at, kind, std::move(text)});
}

void Marks::forget(std::uint64_t at) {
    while (first_line_ < lines_.size() && lines_[first_line_].at < at) ++first_line_;
    while (first_label_ + 1 < labels_.size() && labels_[first_label_ + 1].at <= at) ++first_label_;
    compact(lines_, first_line_);
    compact(labels_, first_label_);
}

const std::string& Marks::label_of(std::uint64_t content, std::uint64_t end) const {
    std::size_t current = first_label_;
    while (current + 1 < labels_.size() && labels_[current + 1].at <= content) ++current;
    const Label* best = &labels_[current];
    for (std::size_t next = current + 1; next < labels_.size() && labels_[next].at < end; ++next) {
        if (best->kind == LabelKind::definition) break;
        if (labels_[next].kind > best->kind) best = &labels_[next];
    }
    return best->text;
}

std::vector<Heading> Marks::take_headings(std::uint64_t begin, std::string_view passage) {
    const std::uint64_t end = begin + passage.size();
    std::size_t behind = first_label_;
    while (behind < labels_.size() && labels_[behind].at < end) ++behind;
    std::vector<Heading> headings;
    headings.reserve(std::min(behind - first_label_, headings_max));
    std::size_t bytes = 0;
    for (std::size_t i = first_label_; i < behind; ++i) {
        const std::uint64_t from = std::max(labels_[i].at, begin);
        const bool is_last = i + 1 == behind;
        const std::uint64_t to = is_last ? end : labels_[i + 1].at;
        std::string& text = labels_[i].text;
        if (!headings.empty() && headings.back().text == text) continue;
        if (to <= from || is_blank(passage.substr(from - begin, to - from))) continue;
        bytes += text.size();
        const bool has_room = headings.size() + 1 < headings_max && bytes <= headings_bytes_max;
        headings.push_back({headings.empty() ? begin : from, {}});
        if (!has_room) break;
        headings.back().text = is_last ? text : std::move(text);
    }
    return headings;
}

}  // namespace archaeologist
