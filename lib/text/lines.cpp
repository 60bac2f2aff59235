#include "text/lines.hpp"

#include <algorithm>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace archaeologist {
namespace {

constexpr std::size_t block_bytes = 4'096;

#if defined(__SSE2__)
// Counts whole groups of 16 bytes; the caller counts the rest.
std::uint64_t count_groups(const char* bytes, std::size_t groups) {
    const __m128i newline = _mm_set1_epi8('\n');
    __m128i total = _mm_setzero_si128();
    while (groups > 0) {
        const std::size_t batch = std::min<std::size_t>(groups, 255);  // a byte lane overflows after 255
        __m128i lanes = _mm_setzero_si128();
        for (std::size_t i = 0; i < batch; ++i, bytes += 16) {
            const __m128i group = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
            lanes = _mm_sub_epi8(lanes, _mm_cmpeq_epi8(group, newline));
        }
        total = _mm_add_epi64(total, _mm_sad_epu8(lanes, _mm_setzero_si128()));
        groups -= batch;
    }
    return static_cast<std::uint64_t>(_mm_cvtsi128_si64(total)) +
           static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm_srli_si128(total, 8)));
}
#else
std::uint64_t count_groups(const char* bytes, std::size_t groups) {
    return static_cast<std::uint64_t>(std::count(bytes, bytes + 16 * groups, '\n'));
}
#endif

}  // namespace

std::uint64_t count_newlines(std::string_view text) {
    const std::size_t groups = text.size() / 16;
    const std::string_view rest = text.substr(groups * 16);
    return count_groups(text.data(), groups) + static_cast<std::uint64_t>(std::count(rest.begin(), rest.end(), '\n'));
}

LineIndex::LineIndex(std::string_view text) : text_(text) {
    newlines_before_.reserve(text.size() / block_bytes + 2);
    newlines_before_.push_back(0);
    for (std::size_t at = 0; at < text.size(); at += block_bytes) {
        newlines_before_.push_back(newlines_before_.back() + count_newlines(text.substr(at, block_bytes)));
    }
}

std::uint64_t LineIndex::line_of(std::uint64_t offset) const {
    const auto at = static_cast<std::size_t>(std::min<std::uint64_t>(offset, text_.size()));
    const std::size_t block = at / block_bytes;
    const std::size_t begin = block * block_bytes;
    return 1 + newlines_before_[block] + count_newlines(text_.substr(begin, at - begin));
}

LineRange LineIndex::lines_of(const ByteRange& range) const {
    return {line_of(range.begin), line_of(range.end > range.begin ? range.end - 1 : range.begin)};
}

std::uint64_t LineIndex::begin_of(std::uint64_t line) const {
    if (line <= 1) return 0;
    const std::uint64_t wanted = line - 1;  // the line begins behind this many newlines
    if (wanted > newlines_before_.back()) return text_.size();
    const auto found = std::lower_bound(newlines_before_.begin(), newlines_before_.end(), wanted) - 1;
    std::uint64_t missing = wanted - *found;
    auto at = static_cast<std::size_t>(found - newlines_before_.begin()) * block_bytes;
    for (; missing > 0; --missing) at = text_.find('\n', at) + 1;
    return at;
}

std::uint64_t LineIndex::line_count() const {
    const bool is_open = !text_.empty() && text_.back() != '\n';
    return newlines_before_.back() + (is_open ? 1 : 0);
}

}  // namespace archaeologist
