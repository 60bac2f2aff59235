// What a query with syntax asks of texts: compiled for the vector store, and looked at again in the texts themselves. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/search.hpp"
#include "archaeologist/vector_store.hpp"
#include "search/phrase.hpp"
#include "search/query.hpp"
#include "text/analyzer.hpp"

namespace archaeologist {

// What a hit's condition is looked at in.
struct ConditionText {
    std::string_view name;
    std::string_view heading;
    std::string_view before;   // the core's context: text before it
    std::string_view content;  // the core
    NaturalLanguage language = NaturalLanguage::english;
    std::span<const Heading> headings{};  // of the content's parts
};

// One thread at a time.
class QueryCondition {
public:
    // `languages` are those of the texts that are searched, beside English. Errors: invalid_argument (a phrase of too many
    // words).
    [[nodiscard]] static Result<QueryCondition> make(const ParsedQuery& query,
                                                     std::vector<NaturalLanguage> languages = {});

    // Words that any may match, for the index: those of phrases and symbols, too.
    [[nodiscard]] const std::string& words() const { return words_; }
    [[nodiscard]] const std::vector<PrefixWord>& prefixes() const { return prefixes_; }
    [[nodiscard]] const ChunkCondition& chunk_condition() const { return chunk_; }

    // Whether texts have to be looked at: the index cannot tell all by itself.
    [[nodiscard]] bool needs_text() const;
    [[nodiscard]] bool admits(const ConditionText& text);
    // Whether this is a symbol that was asked for.
    [[nodiscard]] bool wants(std::string_view heading) const;

    // Of what stands in a text: the phrases and begin* it holds, and where.
    struct Held {
        std::vector<std::string> words;
        std::vector<ByteRange> ranges;
    };
    [[nodiscard]] Held held_by(std::string_view text);
    // The words outside of phrases: what else is highlighted.
    [[nodiscard]] const std::vector<QueryWord>& plain_words() const { return plain_words_; }

private:
    struct Phrase {
        std::string typed;
        std::vector<std::string> words;
    };
    using Words = std::vector<std::string>;

    [[nodiscard]] Status add_phrases(const std::vector<std::string>& typed, std::vector<Phrase>& phrases);
    void add_prefix(const std::string& typed);
    void add_unwanted_prefix(const std::string& typed);
    [[nodiscard]] std::vector<QueryWord> query_words(std::string_view text) {
        return stemmed_.query_words(text, languages_);
    }
    [[nodiscard]] Words split_prefix(const std::string& typed);

    Analyzer stemmed_;
    Analyzer unstemmed_{Stemming::none};
    std::vector<NaturalLanguage> languages_;
    std::string words_;
    std::vector<QueryWord> plain_words_;
    std::vector<PrefixWord> prefixes_;
    std::vector<Phrase> phrases_;
    std::vector<Phrase> unwanted_phrases_;
    bool only_prefixes_ = false;
    ChunkCondition chunk_;
};

// The request's filter and the query's fields together; nothing when no document can pass both.
[[nodiscard]] std::optional<VectorFilter> combine_filters(const VectorFilter& filter, const ParsedQuery& query);

}  // namespace archaeologist
