// The one analyzer: what counts as a word for the full-text index, for sparse vectors, for queries and for the built-in
// embedder. Pure.
//
// - Words are runs of letters, digits, marks and _. A word is folded (NFKC, case folding), and one of letters of one script
//   only is stemmed (Snowball): Latin letters in the language of the text, of which English knows ASCII only; others in the
//   one that their script stands for: Cyrillic in Russian, Greek, Arabic, Armenian, Devanagari in Hindi, Tamil.
// - A query need not tell its language: its words stand for their stems in English and in the languages of the texts that
//   are searched (query_words).
// - An identifier gives itself and its parts (camelCase, snake_case, letters and digits), all at one position; parts are
//   English. One with more than 16 parts is a hash or encoded data, and gives itself only.
// - Words joined by . or / (paths, versions, members) give each word, and the whole where it has at most 64 bytes.
// - Han, Kana, Hangul and Thai give overlapping bigrams of characters (a base with its marks); a lone one gives itself.
// - Terms have 1 to 64 bytes, none below 0x20; a longer word is cut at a code point. Bytes that are not UTF-8 separate
//   words.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "text/natural_language.hpp"

struct sb_stemmer;

namespace archaeologist {

// One thing to index. `text` lives until the sink returns.
struct Term {
    std::string_view text;
    std::uint32_t begin = 0;  // the bytes of the input it came from
    std::uint32_t end = 0;
    bool same_position = false;  // as the term before it
};

// A word of a query: the terms that stand for it, each of which is as good. The English one is first, and never missing.
using QueryWord = std::vector<std::string>;
void add_term(QueryWord& word, std::string_view term);  // unless it is there

enum class Stemming : std::uint8_t { none, by_language };

inline constexpr std::size_t stemmed_scripts = 6;  // beside Latin

inline constexpr std::size_t term_bytes_max = 64;
inline constexpr std::size_t query_terms_max = 1'024;

// In the packed form every term follows one of these.
inline constexpr char packed_new_position = '\x01';
inline constexpr char packed_same_position = '\x02';

// One thread at a time; made to be kept (it remembers stems) and cheap enough for one a thread (about 200 KB).
class Analyzer {
public:
    explicit Analyzer(Stemming stemming = Stemming::by_language);

    // Calls sink(const Term&) for every term, in order of the text. Of a text beyond 4 GiB the rest is not looked at. The
    // language changes the terms' texts, nothing else of them.
    template <class Sink>
    void analyze(std::string_view text, Sink&& sink, NaturalLanguage language = NaturalLanguage::english) {
        using Target = std::remove_reference_t<Sink>;
        const Output output{&sink, [](const void* target, const Term& term) {
                                (*static_cast<Target*>(const_cast<void*>(target)))(term);
                            }};
        run(text, output, language);
    }

    // All terms as one string, each behind packed_new_position or packed_same_position.
    [[nodiscard]] std::string pack_terms(std::string_view text);

    // The different terms, in order of first appearance; at most query_terms_max.
    [[nodiscard]] std::vector<std::string> query_terms(std::string_view text);

    // The same terms, each with what stands for it in texts of these languages.
    [[nodiscard]] std::vector<QueryWord> query_words(std::string_view text, std::span<const NaturalLanguage> languages);

private:
    struct Output {
        const void* target = nullptr;
        void (*call)(const void*, const Term&) = nullptr;
    };
    struct Range {
        std::size_t begin = 0;
        std::size_t end = 0;
    };
    // Direct-mapped: a word of up to 16 bytes, zero-padded, and its stem.
    struct CachedStem {
        std::array<std::uint64_t, 2> word{};
        std::array<char, 16> stem{};
        std::uint8_t size = 0;  // 0 = free
        std::uint8_t stemmer = 0;
    };
    struct StemmerDeleter {
        void operator()(sb_stemmer* stemmer) const;
    };
    enum class Position : std::uint8_t { next, same };

    void run(std::string_view text, Output output, NaturalLanguage language);
    void path(Range run, Position first);
    void identifier(Range word, Position first);
    void ideographs(Range run);
    void emit(Range source, Position position, NaturalLanguage language);
    void deliver(std::string_view term, Range source, Position position) const;
    [[nodiscard]] std::size_t word_run_end(std::size_t begin) const;
    [[nodiscard]] std::size_t simple_word(std::size_t begin);
    [[nodiscard]] std::string_view stem(std::size_t size, std::size_t stemmer);
    [[nodiscard]] std::string_view stem_uncached(std::string_view word, std::size_t number);
    [[nodiscard]] std::size_t simple_fold(std::string_view raw);
    [[nodiscard]] std::string_view fold(std::string_view raw);

    Stemming stemming_;
    // By language, then by script; made when needed.
    std::array<std::unique_ptr<sb_stemmer, StemmerDeleter>, natural_languages + stemmed_scripts> stemmers_;
    std::vector<CachedStem> stems_;
    std::array<std::int32_t, 1'280> code_points_{};
    std::array<char, term_bytes_max + 16> word_{};  // the folded word; 16 more so that its end can be padded
    std::string_view text_;                         // during run only
    NaturalLanguage language_ = NaturalLanguage::english;
    Output output_;
};

}  // namespace archaeologist
