#include "text/cutter.hpp"

#include <algorithm>

#include "text/lines.hpp"
#include "text/token_estimate.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t code_point_slack_bytes = 8;  // so that the character before any place looked at is whole

}  // namespace

Cutter::Cutter(const ChunkOptions& options)
    : options_(options),
      overlap_quarters_(static_cast<std::size_t>(options.overlap * options.target_tokens) * token_quarters),
      lookahead_bytes_(options.max_tokens * token_quarters + segment_bytes_max + code_point_slack_bytes),
      outline_(options.kind, options.language) {}

const std::vector<Chunker::Piece>& Cutter::push(std::string_view bytes) {
    pieces_.clear();
    forget();
    window_ += bytes;
    while (rest().size() >= lookahead_bytes_) cut_next(rest().substr(0, lookahead_bytes_), false);
    return pieces_;
}

const std::vector<Chunker::Piece>& Cutter::finish() {
    pieces_.clear();
    while (!rest().empty()) cut_next(rest().substr(0, lookahead_bytes_), rest().size() < lookahead_bytes_);
    return pieces_;
}

std::string_view Cutter::rest() const {
    return std::string_view(window_).substr(static_cast<std::size_t>(core_begin_ - window_begin_));
}

// What a context is chosen from: from the text's begin, or from a little before the furthest place it may begin at.
std::string_view Cutter::behind() const {
    const auto size = static_cast<std::size_t>(core_begin_ - window_begin_);
    const std::size_t wanted = std::min(size, overlap_quarters_ + code_point_slack_bytes);
    return std::string_view(window_).substr(size - wanted, wanted);
}

// Drops what no context needs any more, once that is half of the window: so each byte is moved a bounded number of
// times.
void Cutter::forget() {
    const auto spent = static_cast<std::size_t>(core_begin_ - window_begin_) - behind().size();
    if (spent <= window_.size() / 2) return;
    scanned_bytes_ += window_.size() - spent;
    window_.erase(0, spent);
    window_begin_ += spent;
}

void Cutter::cut_next(std::string_view text, bool is_last_text) {
    const std::uint64_t read = outline_.position();
    outline_.read(text, core_begin_, is_last_text ? Outline::Extent::end : Outline::Extent::more);
    scanned_bytes_ += outline_.position() - read;
    const Cut cut = choose_cut(text, is_last_text);
    emit(text.substr(0, cut.size), cut.context);
    pass(text.substr(0, cut.size));
}

Cutter::Context Cutter::choose_context() {
    if (overlap_quarters_ == 0 || core_begin_ == 0) return {};
    // A section's begin needs nothing of the section before.
    const auto marks = outline_.marks().lines();
    if (!marks.empty() && marks[0].at == core_begin_ && marks[0].strength == Strength::section) return {};
    const std::string_view before = behind();
    const std::size_t earliest = suffix_within(before, overlap_quarters_);
    const Found begin = find_context_begin(before, earliest, options_.kind);
    scanned_bytes_ += before.size() - earliest + begin.scanned;
    return {before.size() - begin.at, estimate_quarters(before.substr(begin.at))};
}

CutRange Cutter::range_within(std::string_view text, std::size_t context_quarters) {
    const std::size_t aim = options_.target_tokens * token_quarters - context_quarters;
    const std::size_t high = options_.max_tokens * token_quarters - context_quarters;
    const std::size_t size = std::min(text.size(), high);
    scanned_bytes_ += size;
    if (is_ascii(text.substr(0, size))) return {std::min(size, aim / 2), std::min(size, aim), size};
    const CutRange range{prefix_within(text, aim / 2), prefix_within(text, aim), prefix_within(text, high)};
    scanned_bytes_ += range.low + range.aim + range.high;
    return range;
}

Cutter::Cut Cutter::choose_cut(std::string_view text, bool is_last_text) {
    Context context = choose_context();
    CutRange range = range_within(text, context.quarters);
    if (is_last_text && range.high == text.size()) return {text.size(), context};
    if (options_.kind == TextKind::table && context.bytes > 0 && find_line_cut_in(text, range) == 0) {
        context = {};  // a whole row matters more than the rows before it
        range = range_within(text, 0);
        if (is_last_text && range.high == text.size()) return {text.size(), context};
    }
    if (const std::size_t at = find_cut(text, range); at > 0) return {at, context};
    // A grapheme that does not fit beside the context may fit without. One longer than the maximum is cut.
    range = range_within(text, 0);
    if (is_last_text && range.high == text.size()) return {text.size(), {}};
    const Found grapheme = find_grapheme_cut(text, range);
    scanned_bytes_ += grapheme.scanned;
    return {grapheme.at > 0 ? grapheme.at : range.high, {}};
}

std::size_t Cutter::find_line_cut_in(std::string_view text, const CutRange& range) {
    if (options_.kind != TextKind::plain) {
        const Early early = options_.kind == TextKind::table ? Early::any : Early::sections;
        return find_marked_cut(outline_.marks().lines(), core_begin_, range, early);
    }
    const Found line = find_line_cut(text, range, begins_line_);
    scanned_bytes_ += line.scanned;
    return line.at;
}

std::size_t Cutter::find_cut(std::string_view text, const CutRange& range) {
    if (const std::size_t line = find_line_cut_in(text, range); line > 0) return line;
    const Found word = find_word_cut(text, range);
    scanned_bytes_ += word.scanned;
    if (word.at > 0) return word.at;
    const Found grapheme = find_grapheme_cut(text, range);
    scanned_bytes_ += grapheme.scanned;
    return grapheme.at;
}

void Cutter::emit(std::string_view core, const Context& context) {
    const std::uint64_t end = core_begin_ + core.size();
    const std::uint64_t newlines = count_newlines(core);
    scanned_bytes_ += 2 * core.size();
    Chunk chunk;
    chunk.ordinal = ordinal_++;
    chunk.core = {core_begin_, end};
    chunk.context = {core_begin_ - context.bytes, end};
    chunk.lines = {line_, line_ + newlines - (core.back() == '\n' ? 1U : 0U)};
    chunk.tokens = tokens_of(context.quarters + estimate_quarters(core));
    const std::size_t content = core.find_first_not_of(" \t\r\v\f\n");
    const std::uint64_t label_at = content == std::string_view::npos ? core_begin_ : core_begin_ + content;
    chunk.heading = outline_.marks().label_of(label_at, end);
    chunk.headings = outline_.marks().take_headings(core_begin_, core);
    if (chunk.headings.size() == 1 && chunk.headings[0].text == chunk.heading) chunk.headings.clear();
    const auto context_at = static_cast<std::size_t>(chunk.context.begin - window_begin_);
    pieces_.push_back(
        {std::move(chunk), std::string_view(window_).substr(context_at, context.bytes + core.size()), core});
    line_ += newlines;
}

void Cutter::pass(std::string_view core) {
    begins_line_ = core.back() == '\n';
    core_begin_ += core.size();
    outline_.marks().forget(core_begin_);
}

}  // namespace archaeologist
