#include "search/condition.hpp"

#include <algorithm>
#include <array>

#include "vector/headings.hpp"
#include "vector/symbol.hpp"

namespace archaeologist {
namespace {

// What English words end with when their stem is shorter than what was typed of them: "runn*" means "running", too.
constexpr std::array<std::string_view, 14> english_endings{"",  "s",  "es",  "ed",  "d",   "e",    "er",
                                                           "y", "ly", "ing", "ies", "ion", "ning", "ting"};

template <class One>
void add_once(std::vector<One>& all, One one) {
    if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(std::move(one));
}

void append_words(std::string& text, std::string_view more) {
    if (!text.empty()) text += ' ';
    text += more;
}

bool is_any(std::string_view heading, const std::vector<std::string>& symbols) {
    return std::any_of(symbols.begin(), symbols.end(),
                       [&](const std::string& symbol) { return matches_symbol(heading, symbol); });
}

std::vector<std::string> globs_of(const std::vector<std::string>& typed) {
    std::vector<std::string> globs;
    for (const std::string& path : typed) {
        for (std::string& glob : path_globs(path)) globs.push_back(std::move(glob));
    }
    return globs;
}

// False when both restrict and nothing is in both.
bool intersect(std::vector<std::string>& values, const std::vector<std::string>& others) {
    if (others.empty()) return true;
    if (values.empty()) {
        values = others;
        return true;
    }
    std::erase_if(values, [&](const std::string& value) {
        return std::find(others.begin(), others.end(), value) == others.end();
    });
    return !values.empty();
}

}  // namespace

Result<QueryCondition> QueryCondition::make(const ParsedQuery& query, std::vector<NaturalLanguage> languages) {
    QueryCondition made;
    made.languages_ = std::move(languages);
    for (const std::string& word : query.wanted.words) append_words(made.words_, word);
    made.plain_words_ = made.query_words(made.words_);
    ARCHAEO_TRY(made.add_phrases(query.wanted.phrases, made.phrases_));
    for (const Phrase& phrase : made.phrases_) {
        append_words(made.words_, phrase.typed);
        for (const std::string& word : phrase.words) {
            for (QueryWord& one : made.query_words(word)) add_once(made.chunk_.all, std::move(one));
        }
    }
    for (const std::string& prefix : query.wanted.prefixes) made.add_prefix(prefix);
    for (const std::string& symbol : query.fields.symbols) append_words(made.words_, symbol);
    made.only_prefixes_ = !made.prefixes_.empty() && made.stemmed_.query_terms(made.words_).empty();

    for (const std::string& word : query.unwanted.words) {
        const std::vector<QueryWord> words = made.query_words(word);
        if (words_in_order(made.stemmed_, word).size() == 1 && !words.empty()) {
            for (const std::string& term : words.front()) add_once(made.chunk_.none, term);
        } else if (!words.empty()) {
            ARCHAEO_TRY(made.add_phrases({word}, made.unwanted_phrases_));
        }
    }
    ARCHAEO_TRY(made.add_phrases(query.unwanted.phrases, made.unwanted_phrases_));
    for (const std::string& prefix : query.unwanted.prefixes) made.add_unwanted_prefix(prefix);
    made.chunk_.symbols = query.fields.symbols;
    made.chunk_.not_symbols = query.not_fields.symbols;
    return made;
}

Status QueryCondition::add_phrases(const std::vector<std::string>& typed, std::vector<Phrase>& phrases) {
    for (const std::string& text : typed) {
        Phrase phrase{text, words_in_order(unstemmed_, text)};
        if (phrase.words.size() > phrase_words_max) {
            return Error{Code::invalid_argument, "search: the phrase \"" + text.substr(0, 40) + "…\" has " +
                                                     std::to_string(phrase.words.size()) +
                                                     " words, must have at most " + std::to_string(phrase_words_max)};
        }
        if (!phrase.words.empty()) phrases.push_back(std::move(phrase));
    }
    return {};
}

// The words of a prefix, the last of which is the one that goes on. An identifier or a path is one.
QueryCondition::Words QueryCondition::split_prefix(const std::string& typed) {
    Words words;
    bool is_whole = false;
    unstemmed_.analyze(typed, [&](const Term& term) {
        if (words.empty() && term.begin == 0 && term.end == typed.size()) {
            words.emplace_back(term.text);
            is_whole = true;
        }
    });
    return is_whole ? words : words_in_order(unstemmed_, typed);
}

void QueryCondition::add_prefix(const std::string& typed) {
    Words words = split_prefix(typed);
    if (words.empty()) return;
    PrefixWord prefix{std::move(words.back()), {}};
    words.pop_back();
    for (const std::string& word : words) append_words(words_, word);
    for (const std::string_view ending : english_endings) {
        for (std::string& stem : stemmed_.query_terms(prefix.begins + std::string(ending))) {
            const bool is_stem = stem.size() > 1 && prefix.begins.starts_with(stem.substr(0, stem.size() - 1));
            if (is_stem && !stem.starts_with(prefix.begins)) add_once(prefix.terms, std::move(stem));
        }
    }
    for (QueryWord& word : query_words(prefix.begins)) {
        for (auto term = word.begin() + 1; term != word.end(); ++term) {
            if (!term->starts_with(prefix.begins)) add_once(prefix.terms, std::move(*term));
        }
    }
    prefixes_.push_back(std::move(prefix));
}

void QueryCondition::add_unwanted_prefix(const std::string& typed) {
    Words words = split_prefix(typed);
    if (!words.empty()) add_once(chunk_.none_beginning, std::move(words.back()));
}

bool QueryCondition::needs_text() const {
    return !chunk_.symbols.empty() || !chunk_.not_symbols.empty() || !phrases_.empty() || !unwanted_phrases_.empty() ||
           !chunk_.none.empty() || !chunk_.none_beginning.empty() || only_prefixes_;
}

bool QueryCondition::wants(std::string_view heading) const { return is_any(heading, chunk_.symbols); }

bool QueryCondition::admits(const ConditionText& text) {
    const auto is_wanted = [&](std::string_view heading) { return wants(heading); };
    const auto is_unwanted = [&](std::string_view heading) { return is_any(heading, chunk_.not_symbols); };
    if (!chunk_.symbols.empty() && !any_heading(text.heading, text.headings, is_wanted)) return false;
    if (any_heading(text.heading, text.headings, is_unwanted)) return false;
    std::string context(text.before);
    context += text.content;
    const std::array<std::string_view, 3> parts{context, text.heading, text.name};
    std::vector<WordSequence> sequences;
    sequences.reserve(parts.size());
    for (const std::string_view part : parts) sequences.emplace_back(unstemmed_, part);
    const auto holds = [&](const Phrase& phrase) {
        return std::any_of(sequences.begin(), sequences.end(),
                           [&](const WordSequence& sequence) { return !sequence.find(phrase.words).empty(); });
    };
    const auto holds_beginning = [&](const std::string& begins) {
        return std::any_of(sequences.begin(), sequences.end(),
                           [&](const WordSequence& sequence) { return !sequence.find_beginning(begins).empty(); });
    };
    if (!std::all_of(phrases_.begin(), phrases_.end(), holds)) return false;
    if (std::any_of(unwanted_phrases_.begin(), unwanted_phrases_.end(), holds)) return false;
    if (std::any_of(chunk_.none_beginning.begin(), chunk_.none_beginning.end(), holds_beginning)) return false;
    const bool has_prefix = std::any_of(prefixes_.begin(), prefixes_.end(),
                                        [&](const PrefixWord& prefix) { return holds_beginning(prefix.begins); });
    if (only_prefixes_ && !has_prefix) return false;
    if (chunk_.none.empty()) return true;
    bool is_clean = true;
    for (const std::string_view part : parts) {
        const auto look = [&](const Term& term) {
            is_clean = is_clean && std::find(chunk_.none.begin(), chunk_.none.end(), term.text) == chunk_.none.end();
        };
        stemmed_.analyze(part, look, text.language);
    }
    return is_clean;
}

QueryCondition::Held QueryCondition::held_by(std::string_view text) {
    Held held;
    if (phrases_.empty() && prefixes_.empty()) return held;
    const WordSequence sequence(unstemmed_, text);
    const auto add = [&](std::string name, std::vector<ByteRange> ranges) {
        if (ranges.empty()) return;
        held.words.push_back(std::move(name));
        held.ranges.insert(held.ranges.end(), ranges.begin(), ranges.end());
    };
    for (const Phrase& phrase : phrases_) add(phrase.typed, sequence.find(phrase.words));
    for (const PrefixWord& prefix : prefixes_) add(prefix.begins + "*", sequence.find_beginning(prefix.begins));
    return held;
}

std::optional<VectorFilter> combine_filters(const VectorFilter& filter, const ParsedQuery& query) {
    VectorFilter combined = filter;
    for (std::string& language : combined.languages) language = language_name(language);
    const bool is_possible = intersect(combined.languages, query.fields.languages) &&
                             intersect(combined.file_types, query.fields.file_types);
    if (!is_possible) return std::nullopt;
    const auto append = [](std::vector<std::string>& all, std::vector<std::string> more) {
        std::move(more.begin(), more.end(), std::back_inserter(all));
    };
    append(combined.paths, globs_of(query.fields.paths));
    append(combined.not_paths, globs_of(query.not_fields.paths));
    append(combined.not_languages, query.not_fields.languages);
    append(combined.not_file_types, query.not_fields.file_types);
    return combined;
}

}  // namespace archaeologist
