#include "vector/regex.hpp"

#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <algorithm>

namespace archaeologist {
namespace {

re2::StringPiece piece_of(std::string_view text) { return {text.data(), text.size()}; }

Error refused(std::string_view pattern, const std::string& what) {
    return {Code::invalid_argument, "the regular expression \"" + std::string(pattern) + "\" " + what};
}

// Where the pattern asks for a line's end by "\n", which a class may name to leave it out; npos where it does not.
std::size_t find_newline(std::string_view pattern) {
    std::size_t class_begin = std::string_view::npos;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        const bool in_class = class_begin != std::string_view::npos;
        const bool is_escape = pattern[at] == '\\' && at + 1 < pattern.size();
        const bool is_newline = pattern[at] == '\n' || (is_escape && pattern[at + 1] == 'n');
        if (is_newline && !in_class) return at;
        if (is_escape) {
            ++at;
        } else if (pattern[at] == '[' && !in_class) {
            class_begin = at;
            if (at + 1 < pattern.size() && pattern[at + 1] == '^') ++at;
            if (at + 1 < pattern.size() && pattern[at + 1] == ']') ++at;
        } else if (pattern[at] == ']') {
            class_begin = std::string_view::npos;
        }
    }
    return std::string_view::npos;
}

std::size_t character_length(std::string_view text, std::size_t at) {
    std::size_t length = 1;
    while (at + length < text.size() && (static_cast<unsigned char>(text[at + length]) & 0xC0) == 0x80) ++length;
    return length;
}

re2::RE2::Options options_for(LetterCase letter_case) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_never_nl(true);
    options.set_max_mem(regex_memory_bytes_max);
    options.set_case_sensitive(letter_case == LetterCase::exact);
    return options;
}

constexpr int atom_bytes_min = 4;  // those of three bytes are in almost every text
constexpr std::size_t atoms_max = 256;

}  // namespace

Regex::Regex(std::unique_ptr<re2::RE2> compiled) : compiled_(std::move(compiled)) {}
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;
Regex::~Regex() = default;

Result<Regex> Regex::compile(std::string_view pattern, LetterCase letter_case) {
    if (const std::size_t at = find_newline(pattern); at != std::string_view::npos) {
        return refused(pattern, "asks for the end of a line at byte " + std::to_string(at + 1) +
                                    ", must match within one line; $ is its end");
    }
    const re2::RE2::Options options = options_for(letter_case);
    // Checked alone first: ")(" must be no regular expression in the parentheses that let ^ and $ match at lines.
    auto compiled = std::make_unique<re2::RE2>(piece_of(pattern), options);
    if (!compiled->ok()) return refused(pattern, "is none: " + compiled->error());
    compiled = std::make_unique<re2::RE2>("(?m:" + std::string(pattern) + ")", options);
    if (!compiled->ok()) return refused(pattern, "is none: " + compiled->error());
    if (re2::RE2::FullMatch("", *compiled)) {
        return refused(pattern, "matches where there is nothing, must match at least one character");
    }
    return Regex(std::move(compiled));
}

ByteRange Regex::find(std::string_view text, std::size_t from, std::size_t end) const {
    re2::StringPiece found;
    while (from < end && compiled_->Match(piece_of(text), from, end, re2::RE2::UNANCHORED, &found, 1)) {
        const auto begin = static_cast<std::size_t>(found.data() - text.data());
        if (!found.empty()) return {begin, begin + found.size()};
        if (begin >= end) break;
        from = begin + character_length(text, begin);
    }
    return {};
}

RegexFilter::RegexFilter(std::string_view pattern, LetterCase letter_case)
    : filter_(std::make_unique<re2::FilteredRE2>(atom_bytes_min)) {
    int id = 0;
    if (filter_->Add(piece_of(pattern), options_for(letter_case), &id) != re2::RE2::NoError) return;
    filter_->Compile(&atoms_);
    if (atoms_.size() > atoms_max) atoms_.clear();
}

RegexFilter::~RegexFilter() = default;

bool RegexFilter::may_match(const std::vector<bool>& is_held) const {
    std::vector<int> held;
    for (std::size_t i = 0; i < is_held.size(); ++i) {
        if (is_held[i]) held.push_back(static_cast<int>(i));
    }
    std::vector<int> potential;
    filter_->AllPotentials(held, &potential);
    return !potential.empty();
}

void RegexScanner::restart() {
    window_.clear();
    window_begin_ = 0;
    next_ = 0;
}

const std::vector<ByteRange>& RegexScanner::push(std::string_view piece) {
    matches_.clear();
    const std::size_t looked_at = window_.empty() ? 0 : window_.size() - 1;
    window_.append(piece);
    // Whole lines, and never up to the window's end: what follows decides whether $, \b and \z match there.
    const auto fresh =
        std::string_view(window_).substr(looked_at, std::max(window_.size(), looked_at + 1) - looked_at - 1);
    const std::size_t newline = fresh.rfind('\n');
    if (newline != std::string_view::npos) {
        scan(looked_at + newline + 1);
    } else if (window_.size() > regex_window_bytes_max) {
        std::size_t end = window_.size() - 1;
        while (end > 0 && (static_cast<unsigned char>(window_[end]) & 0xC0) == 0x80) --end;
        scan(end);
    }
    return matches_;
}

const std::vector<ByteRange>& RegexScanner::finish() {
    matches_.clear();
    scan(window_.size());
    restart();
    return matches_;
}

// Done with what is before `end`, but for its last character, which \b and ^ look back at.
void RegexScanner::scan(std::size_t end) {
    while (next_ < end) {
        const ByteRange found = regex_.find(window_, next_, end);
        if (found.size() == 0) break;
        const auto begin = static_cast<std::size_t>(found.begin);
        const auto match_end = static_cast<std::size_t>(found.end);
        if (word_rule_ == WordRule::whole_word && !stands_alone(window_, begin, match_end)) {
            next_ = begin + character_length(window_, begin);
            continue;
        }
        matches_.push_back({window_begin_ + found.begin, window_begin_ + found.end});
        next_ = match_end;
    }
    std::size_t kept = end;
    while (kept > 0 && (static_cast<unsigned char>(window_[--kept]) & 0xC0) == 0x80) {
    }
    window_.erase(0, kept);
    window_begin_ += kept;
    next_ = end - kept;
}

}  // namespace archaeologist
