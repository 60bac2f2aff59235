// The one analyzer: what counts as a word for the full-text index, for sparse vectors, for queries and for the built-in
// embedder. Pure.
//
// - Words are runs of letters, digits, marks and _. A word is folded (NFKC, case folding), and one of letters of one script
//   only is stemmed (Snowball) in the language that its script stands for: ASCII in English, Cyrillic in Russian, Greek,
//   Arabic, Armenian, Devanagari in Hindi, Tamil. So an index and a query agree whatever text a word stands in.
// - An identifier gives itself and its parts (camelCase, snake_case, letters and digits), all at one position. One with
//   more than 16 parts is a hash or encoded data, and gives itself only.
// - Words joined by . or / (paths, versions, members) give each word, and the whole where it has at most 64 bytes.
// - Han, Kana, Hangul and Thai give overlapping bigrams of characters (a base with its marks); a lone one gives itself.
// - Terms have 1 to 64 bytes, none below 0x20; a longer word is cut at a code point. Bytes that are not UTF-8 separate
//   words.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

struct sb_stemmer;

namespace archaeologist {

// One thing to index. `text` lives until the sink returns.
struct Term {
    std::string_view text;
    std::uint32_t begin = 0;  // the bytes of the input it came from
    std::uint32_t end = 0;
    bool same_position = false;  // as the term before it
};

enum class Stemming : std::uint8_t { none, by_script };

inline constexpr std::size_t stemmed_scripts = 7;

inline constexpr std::size_t term_bytes_max = 64;
inline constexpr std::size_t query_terms_max = 1'024;

// In the packed form every term follows one of these.
inline constexpr char packed_new_position = '\x01';
inline constexpr char packed_same_position = '\x02';

// One thread at a time; made to be kept (it remembers stems) and cheap enough for one a thread (about 200 KB).
class Analyzer {
public:
    explicit Analyzer(Stemming stemming = Stemming::by_script);

    // Calls sink(const Term&) for every term, in order of the text. Of a text beyond 4 GiB the rest is not looked at.
    template <class Sink>
    void analyze(std::string_view text, Sink&& sink) {
        using Target = std::remove_reference_t<Sink>;
        run(text, {&sink, [](const void* target, const Term& term) {
                       (*static_cast<Target*>(const_cast<void*>(target)))(term);
                   }});
    }

    // All terms as one string, each behind packed_new_position or packed_same_position.
    [[nodiscard]] std::string pack_terms(std::string_view text);

    // The different terms, in order of first appearance; at most query_terms_max.
    [[nodiscard]] std::vector<std::string> query_terms(std::string_view text);

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
    };
    struct StemmerDeleter {
        void operator()(sb_stemmer* stemmer) const;
    };
    enum class Position : std::uint8_t { next, same };

    void run(std::string_view text, Output output);
    void path(Range run, Position first);
    void identifier(Range word, Position first);
    void ideographs(Range run);
    void emit(Range source, Position position);
    void deliver(std::string_view term, Range source, Position position) const;
    [[nodiscard]] std::size_t word_run_end(std::size_t begin) const;
    [[nodiscard]] std::size_t simple_word(std::size_t begin);
    [[nodiscard]] std::string_view stem(std::size_t size, std::size_t script);
    [[nodiscard]] std::string_view stem_uncached(std::string_view word, std::size_t script);
    [[nodiscard]] std::size_t simple_fold(std::string_view raw);
    [[nodiscard]] std::string_view fold(std::string_view raw);

    Stemming stemming_;
    std::array<std::unique_ptr<sb_stemmer, StemmerDeleter>, stemmed_scripts> stemmers_;  // by script, made when needed
    std::vector<CachedStem> stems_;
    std::array<std::int32_t, 1'280> code_points_{};
    std::array<char, term_bytes_max + 16> word_{};  // the folded word; 16 more so that its end can be padded
    std::string_view text_;                         // during run only
    Output output_;
};

}  // namespace archaeologist
