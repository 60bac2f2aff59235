// Searching what was ingested.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/chunker.hpp"
#include "archaeologist/id.hpp"
#include "archaeologist/vector_store.hpp"

namespace archaeologist {

enum class SearchMode : std::uint8_t { hybrid, words, semantic, literal };

[[nodiscard]] std::string_view to_string(SearchMode mode);
[[nodiscard]] std::optional<SearchMode> parse_search_mode(std::string_view text);

// The name that a language is stored by, of one that people type: "py" → "python", "de" → "german". Others as they are, in small letters.
[[nodiscard]] std::string language_name(std::string_view typed);

struct SearchRequest {
    // 1 to 4,096 bytes of UTF-8. Taken as it is in mode literal; else of words, of which any may match, and
    //   "these words"                      must stand so, in these forms
    //   begin*                             a word that begins so
    //   path:GLOB lang:NAME type:NAME symbol:NAME   only there; of several of one field any
    //   -word -"words" -begin* -path:GLOB … must not be there
    // What looks like syntax is meant as text within quotes.
    std::string query;
    SearchMode mode = SearchMode::hybrid;
    std::vector<ProjectId> projects;  // empty = all
    VectorFilter filter;
    LetterCase letter_case = LetterCase::exact;  // literal only
    bool whole_word = false;                     // literal only
    TextPattern pattern = TextPattern::literal;  // regex needs mode literal
    std::size_t limit = 10;                      // 1 to 1,000
    std::size_t offset = 0;                      // to 10,000
    std::size_t per_source = 3;                  // hits of one source at most; 0 = no bound
    std::size_t context_lines = 0;               // lines around a hit's content in Hit::before and after; to 100
};

// Why a hit is one.
struct Why {
    std::vector<std::string> words;  // query words (as analysed) that its text holds; phrases; begin*
    bool literal = false;            // holds the query exactly
    double similarity = 0;           // cosine; 0 when vectors were not asked
};

struct AlsoIn {
    SourceId source_id{};
    std::string source_name;
    LineRange line_range;
};

struct Hit {
    PointId chunk_id;
    std::string content;  // the chunk's core text
    double score = 0;     // 1.0 for literal; otherwise comparable within one reply only
    Why why;
    ProjectId project_id{};
    SourceId source_id{};
    std::string source_name;
    std::string heading;   // what the first match stands under, or of a whole chunk the part with most highlights
    ByteRange byte_range;  // of the core, in the stored normalised text
    LineRange line_range;  // of the core; for literal hits of the match's lines
    std::vector<ByteRange> highlights;  // in `content`
    std::vector<AlsoIn> also_in;        // other places with identical text
    std::string symbol;                 // the definition it is in; empty where the file has none
    std::uint32_t ordinal = 0;          // of the chunk in its source
    std::string before;                 // the lines before `content`, as many as were asked for
    std::string after;                  // and those behind it
};

// What the search could look at, so that "no hit" means something. Counts of sources in the searched projects.
struct Coverage {
    std::int64_t sources = 0;
    std::int64_t searchable = 0;
    std::int64_t pending = 0;
    std::int64_t failed = 0;
    std::int64_t unsupported = 0;
    std::int64_t replaced_bytes = 0;
};

struct SearchReply {
    std::vector<Hit> results;
    std::uint64_t total_found = 0;  // exact for literal; otherwise the hits considered
    double query_time_ms = 0;
    std::string query;
    SearchMode mode = SearchMode::hybrid;
    Coverage coverage;
    std::string note;  // said once where the mode cannot mean what its name says
};

[[nodiscard]] std::string to_json(const SearchReply& reply);

}  // namespace archaeologist
