#include "text/analyzer.hpp"

#include <libstemmer.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <unordered_set>

#include "base/utf8.hpp"
#include "text/characters.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t cached_stems = 4'096;  // a power of two
constexpr std::size_t cached_word_bytes_max = 16;
constexpr std::size_t unstemmed_bytes_max = 2;  // Snowball leaves these alone
constexpr std::size_t parts_max = 16;
constexpr std::size_t fold_bytes_max = 3 * term_bytes_max;  // full-width forms fold to a third

constexpr auto fold_options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
                                                             UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);

constexpr char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

// Of ASCII: begins or continues a word.
constexpr bool is_word_byte(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x80 && begins_word(detail::ascii_kinds[byte]);
}

constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Letters that are written in one language, or nearly so.
struct Script {
    char32_t first;
    char32_t last;
    const char* language;  // Snowball's name
};
constexpr std::array<Script, stemmed_scripts> scripts{{{0x370, 0x3FF, "greek"},
                                                       {0x400, 0x4FF, "russian"},
                                                       {0x531, 0x587, "armenian"},
                                                       {0x621, 0x6D3, "arabic"},
                                                       {0x900, 0x963, "hindi"},
                                                       {0xB80, 0xBDF, "tamil"}}};
// Stemmers are numbered: languages of Latin letters first, then scripts.
constexpr std::size_t no_stemmer = natural_languages + stemmed_scripts;

constexpr std::size_t stemmer_of(NaturalLanguage language) { return static_cast<std::size_t>(language); }

constexpr bool is_small_ascii(char32_t letter) { return letter >= U'a' && letter <= U'z'; }

// Of Latin-1, Latin Extended-A and -B and Additional; signs among them are no part of words.
constexpr bool is_wide_latin(char32_t letter) {
    return (letter >= 0xC0 && letter <= 0x24F) || (letter >= 0x1E00 && letter <= 0x1EFF);
}

// Of a folded word, all of whose characters must be of one kind.
std::size_t stemmer_for(std::string_view word, NaturalLanguage language) {
    constexpr std::size_t unknown = no_stemmer + 1;
    std::size_t stemmer = unknown;
    for (std::size_t at = 0; at < word.size();) {
        const CodePoint character = decode_utf8(word.substr(at));
        const auto is_of = [&](const Script& one) {
            return one.first <= character.value && character.value <= one.last;
        };
        std::size_t own = no_stemmer;
        if (character.length == 0) return no_stemmer;
        if (is_small_ascii(character.value) ||
            (language != NaturalLanguage::english && is_wide_latin(character.value))) {
            own = stemmer_of(language);
        } else if (const auto script = std::find_if(scripts.begin(), scripts.end(), is_of); script != scripts.end()) {
            own = natural_languages + static_cast<std::size_t>(script - scripts.begin());
        }
        if (own == no_stemmer || (stemmer != unknown && own != stemmer)) return no_stemmer;
        stemmer = own;
        at += character.length;
    }
    return std::min(stemmer, no_stemmer);
}

std::size_t slot_of(const std::array<std::uint64_t, 2>& word) {
    const std::uint64_t mixed = (word[0] ^ (word[1] * 0x9E3779B97F4A7C15U)) * 0xD6E8FEB86659FD93U;
    return static_cast<std::size_t>(mixed >> 52);
}
static_assert(cached_stems == std::size_t{1} << (64 - 52));

// Splits an identifier: at _, between letters and digits, before a capital that follows a small letter, and before the
// last of several capitals that a small letter follows (HTTPServer: HTTP, Server).
class PartSplitter {
public:
    struct Part {
        std::size_t begin;
        std::size_t end;
    };

    void add(std::size_t at, CharacterKind kind) {
        if (attaches(kind)) return;
        if (kind == CharacterKind::underscore) {
            close(at);
        } else if (!is_open_) {
            open(at);
        } else if (kind == CharacterKind::lower && last_ == CharacterKind::upper) {
            if (begin_ < last_begin_) split(last_begin_);
        } else if (kind != last_) {
            split(at);
        }
        last_ = kind;
        last_begin_ = at;
    }
    void finish(std::size_t end) { close(end); }

    [[nodiscard]] std::size_t count() const { return count_; }
    [[nodiscard]] const Part& operator[](std::size_t i) const { return parts_[i]; }

private:
    void open(std::size_t at) {
        begin_ = at;
        is_open_ = true;
    }
    void close(std::size_t at) {
        if (!is_open_) return;
        if (count_ < parts_.size()) parts_[count_] = {begin_, at};
        ++count_;
        is_open_ = false;
    }
    void split(std::size_t at) {
        close(at);
        open(at);
    }

    std::array<Part, parts_max> parts_{};
    std::size_t count_ = 0;  // may be more than are kept
    std::size_t begin_ = 0;
    std::size_t last_begin_ = 0;
    CharacterKind last_ = CharacterKind::separator;
    bool is_open_ = false;
};

}  // namespace

void add_term(QueryWord& word, std::string_view term) {
    if (std::find(word.begin(), word.end(), term) == word.end()) word.emplace_back(term);
}

void Analyzer::StemmerDeleter::operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }

Analyzer::Analyzer(Stemming stemming) : stemming_(stemming) {
    if (stemming == Stemming::by_language) stems_.resize(cached_stems);
}

std::string Analyzer::pack_terms(std::string_view text) {
    std::string packed;
    packed.reserve(text.size() + text.size() / 4);
    analyze(text, [&](const Term& term) {
        packed += term.same_position ? packed_same_position : packed_new_position;
        packed += term.text;
    });
    return packed;
}

std::vector<std::string> Analyzer::query_terms(std::string_view text) {
    std::vector<std::string> terms;
    std::unordered_set<std::string> seen;
    analyze(text, [&](const Term& term) {
        if (terms.size() >= query_terms_max) return;
        if (seen.emplace(term.text).second) terms.emplace_back(term.text);
    });
    return terms;
}

std::vector<QueryWord> Analyzer::query_words(std::string_view text, std::span<const NaturalLanguage> languages) {
    std::vector<QueryWord> all;  // one for each term of the text, again and again
    analyze(text, [&](const Term& term) { all.push_back({std::string(term.text)}); });
    for (const NaturalLanguage language : languages) {
        std::size_t at = 0;
        const auto add = [&](const Term& term) { add_term(all[at++], term.text); };
        analyze(text, add, language);
    }
    std::vector<QueryWord> words;
    std::unordered_set<std::string> seen;
    for (QueryWord& word : all) {
        if (words.size() == query_terms_max) break;
        if (seen.insert(word.front()).second) words.push_back(std::move(word));
    }
    return words;
}

void Analyzer::run(std::string_view text, Output output, NaturalLanguage language) {
    text_ = text.substr(0, std::numeric_limits<std::uint32_t>::max());
    output_ = output;
    language_ = language;
    std::size_t at = 0;
    while (at < text_.size()) {
        const Character character = character_at(text_, at);
        if (character.kind == CharacterKind::ideograph) {
            std::size_t end = at + character.length;
            while (end < text_.size()) {
                const Character next = character_at(text_, end);
                if (next.kind != CharacterKind::ideograph && !attaches(next.kind)) break;
                end += next.length;
            }
            ideographs({at, end});
            at = end;
        } else if (begins_word(character.kind)) {
            std::size_t end = simple_word(at);
            if (end == at) {
                end = word_run_end(at);
                path({at, end}, Position::next);
            }
            at = end;
        } else {
            at += character.length;
        }
    }
    text_ = {};
}

// The common case in one pass: ASCII letters of one case or capitalised, with a plain separator behind. Returns its
// end; its begin when it is something else.
std::size_t Analyzer::simple_word(std::size_t begin) {
    const std::size_t limit = std::min(text_.size(), begin + term_bytes_max);
    std::size_t end = begin;
    std::size_t capitals = 0;
    for (; end < limit && is_letter(text_[end]); ++end) {
        word_[end - begin] = static_cast<char>(text_[end] | 0x20);
        capitals += (text_[end] & 0x20) == 0 ? 1U : 0U;
    }
    const std::size_t size = end - begin;
    const bool is_plain = capitals == 0 || capitals == size || (capitals == 1 && (text_[begin] & 0x20) == 0);
    if (size == 0 || !is_plain) return begin;
    if (end < text_.size()) {
        const auto next = static_cast<unsigned char>(text_[end]);
        if (next >= 0x80 || is_word_byte(text_[end])) return begin;
        const bool may_join = detail::ascii_kinds[next] == CharacterKind::joiner && end + 1 < text_.size();
        if (may_join && (is_word_byte(text_[end + 1]) || static_cast<unsigned char>(text_[end + 1]) >= 0x80))
            return begin;
    }
    deliver(stem(size, stemmer_of(language_)), {begin, end}, Position::next);
    return end;
}

std::size_t Analyzer::word_run_end(std::size_t begin) const {
    std::size_t at = begin;
    while (at < text_.size()) {
        const Character character = character_at(text_, at);
        if (character.kind == CharacterKind::joiner) {
            const std::size_t next = at + character.length;
            if (next >= text_.size() || !begins_word(character_at(text_, next).kind)) break;
        } else if (!begins_word(character.kind) && !attaches(character.kind)) {
            break;
        }
        at += character.length;
    }
    return at;
}

void Analyzer::path(Range run, Position first) {
    const auto is_joiner = [&](std::size_t at) { return text_[at] == '.' || text_[at] == '/'; };
    std::size_t joiners = 0;
    std::size_t underscores = 0;
    for (std::size_t at = run.begin; at < run.end; ++at) {
        joiners += is_joiner(at) ? 1U : 0U;
        underscores += text_[at] == '_' ? 1U : 0U;
    }
    if (joiners == 0) return identifier(run, first);
    const bool has_content = joiners + underscores < run.end - run.begin;
    Position position = first;
    if (has_content && run.end - run.begin <= term_bytes_max) {
        emit(run, position, language_);
        position = Position::same;
    }
    std::size_t begin = run.begin;
    for (std::size_t at = run.begin; at <= run.end; ++at) {
        if (at < run.end && !is_joiner(at)) continue;
        identifier({begin, at}, position);
        position = Position::next;
        begin = at + 1;
    }
}

void Analyzer::identifier(Range word, Position first) {
    PartSplitter parts;
    for (std::size_t at = word.begin; at < word.end;) {
        const Character character = character_at(text_, at);
        parts.add(at, character.kind);
        at += character.length;
    }
    parts.finish(word.end);
    if (parts.count() == 0) return;
    emit(word, first, language_);
    const bool is_whole = parts.count() == 1 && parts[0].begin == word.begin && parts[0].end == word.end;
    if (is_whole || parts.count() > parts_max) return;
    for (std::size_t i = 0; i < parts.count(); ++i) {
        emit({parts[i].begin, parts[i].end}, Position::same, NaturalLanguage::english);
    }
}

void Analyzer::ideographs(Range run) {
    struct Folded {
        std::array<char, term_bytes_max / 2> bytes{};
        std::size_t size = 0;
        std::size_t begin = 0;
    };
    std::array<char, term_bytes_max> term{};
    Folded last;
    std::size_t count = 0;
    for (std::size_t at = run.begin; at < run.end;) {
        const Character base = character_at(text_, at);
        std::size_t end = at + base.length;
        bool is_folded = base.is_folded;
        for (; end < run.end; is_folded = false) {
            const Character next = character_at(text_, end);
            if (!attaches(next.kind)) break;
            end += next.length;
        }
        const std::string_view raw = text_.substr(at, end - at);
        const std::string_view folded = utf8_prefix(is_folded ? raw : fold(raw), last.bytes.size());
        if (!folded.empty()) {
            if (count > 0) {
                std::memcpy(term.data(), last.bytes.data(), last.size);
                std::memcpy(term.data() + last.size, folded.data(), folded.size());
                deliver({term.data(), last.size + folded.size()}, {last.begin, end}, Position::next);
            }
            std::memcpy(last.bytes.data(), folded.data(), folded.size());
            last.size = folded.size();
            last.begin = at;
            ++count;
        }
        at = end;
    }
    if (count == 1) deliver({last.bytes.data(), last.size}, run, Position::next);
}

// Folds, stems and delivers one word or part.
void Analyzer::emit(Range source, Position position, NaturalLanguage language) {
    const std::string_view raw = text_.substr(source.begin, source.end - source.begin);
    std::size_t size = 0;
    if (size = simple_fold(raw); size == 0) {
        const std::string_view folded = fold(raw);
        size = folded.size();
        std::memcpy(word_.data(), folded.data(), size);
    }
    if (size == 0) return;
    deliver(stem(size, stemmer_for({word_.data(), size}, language)), source, position);
}

void Analyzer::deliver(std::string_view term, Range source, Position position) const {
    output_.call(output_.target, {term, static_cast<std::uint32_t>(source.begin),
                                  static_cast<std::uint32_t>(source.end), position == Position::same});
}

// The same as fold, into word_, for text of ASCII and letters that fold one to one; 0 when there is anything else. What
// lies past the cut does not matter: a run of any length costs one look at its first bytes.
std::size_t Analyzer::simple_fold(std::string_view raw) {
    const std::string_view head = utf8_prefix(raw, term_bytes_max);
    for (std::size_t at = 0; at < head.size();) {
        if (static_cast<unsigned char>(head[at]) < 0x80) {
            word_[at] = to_lower(head[at]);
            ++at;
            continue;
        }
        const CodePoint code_point = decode_utf8(head.substr(at));
        const char32_t folded = detail::simple_fold(code_point.value);
        if (folded == 0) return 0;
        word_[at] = static_cast<char>(0xC0 | (folded >> 6));
        word_[at + 1] = static_cast<char>(0x80 | (folded & 0x3F));
        at += 2;
    }
    return head.size();
}

// NFKC and case folding, cut to a term's length. Empty when nothing is left. The result lives until the next call.
std::string_view Analyzer::fold(std::string_view raw) {
    raw = utf8_prefix(raw, fold_bytes_max);
    const auto size = utf8proc_decompose(reinterpret_cast<const utf8proc_uint8_t*>(raw.data()),
                                         static_cast<utf8proc_ssize_t>(raw.size()), code_points_.data(),
                                         static_cast<utf8proc_ssize_t>(code_points_.size()) - 1, fold_options);
    if (size <= 0 || size >= static_cast<utf8proc_ssize_t>(code_points_.size())) return {};
    const auto bytes = utf8proc_reencode(code_points_.data(), size, fold_options);
    if (bytes <= 0) return {};
    return utf8_prefix({reinterpret_cast<const char*>(code_points_.data()), static_cast<std::size_t>(bytes)},
                       term_bytes_max);
}

// The stem of the first `size` bytes of word_, a folded word.
std::string_view Analyzer::stem(std::size_t size, std::size_t stemmer) {
    const std::string_view word(word_.data(), size);
    if (stemming_ == Stemming::none || stemmer == no_stemmer || size <= unstemmed_bytes_max) return word;
    if (size > cached_word_bytes_max) return stem_uncached(word, stemmer);
    std::memset(word_.data() + size, 0, cached_word_bytes_max);
    std::array<std::uint64_t, 2> key{};
    std::memcpy(key.data(), word_.data(), sizeof(key));
    CachedStem& cached = stems_[slot_of(key)];
    if (cached.size == 0 || cached.stemmer != stemmer || cached.word != key) {
        const std::string_view stemmed = stem_uncached(word, stemmer);
        if (stemmed.size() > cached.stem.size()) return stemmed;
        cached.word = key;
        cached.stemmer = static_cast<std::uint8_t>(stemmer);
        cached.size = static_cast<std::uint8_t>(stemmed.size());
        std::memcpy(cached.stem.data(), stemmed.data(), stemmed.size());
    }
    return {cached.stem.data(), cached.size};
}

// A stemmer that is not there (an older Snowball), fails (out of memory) or leaves nothing gives the word back.
std::string_view Analyzer::stem_uncached(std::string_view word, std::size_t number) {
    auto& stemmer = stemmers_[number];
    if (!stemmer) {
        const char* name = number < natural_languages ? name_of(static_cast<NaturalLanguage>(number)).data()
                                                      : scripts[number - natural_languages].language;
        stemmer.reset(sb_stemmer_new(name, "UTF_8"));
    }
    if (!stemmer) return word;
    const sb_symbol* stemmed =
        sb_stemmer_stem(stemmer.get(), reinterpret_cast<const sb_symbol*>(word.data()), static_cast<int>(word.size()));
    const int size = stemmed == nullptr ? 0 : sb_stemmer_length(stemmer.get());
    if (size <= 0 || static_cast<std::size_t>(size) > term_bytes_max) return word;
    return {reinterpret_cast<const char*>(stemmed), static_cast<std::size_t>(size)};
}

}  // namespace archaeologist
