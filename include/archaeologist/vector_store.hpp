// Where chunks live for search: their text, their words and their vectors. Knows nothing of which generation is active.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/chunker.hpp"
#include "archaeologist/embedder.hpp"
#include "archaeologist/id.hpp"
#include "archaeologist/result.hpp"

namespace archaeologist {

// What all chunks of one processed source version share.
struct Document {
    ProjectId project_id{};
    SourceId source_id{};
    GenerationId generation;
    std::string source_name;  // path as the user knows it; matched by path filters
    std::string file_type;    // "text", "markdown", "code", …
    std::string language;     // programming language, lower case; empty when none
};

// One chunk to store. Text is borrowed for the call.
struct Point {
    std::uint32_t ordinal = 0;
    ByteRange core;
    ByteRange context;  // ends where the core ends
    LineRange lines;
    std::string heading;       // at most 4,096 bytes
    std::string_view text;     // the context's bytes, valid UTF-8, at most 1 MiB
    std::vector<float> dense;  // the store's dimension, finite; a zero vector stands for "no words" and never matches
};

// UUIDv5(project, source, generation, ordinal): a retry overwrites, never doubles.
[[nodiscard]] PointId point_id(const Document& document, std::uint32_t ordinal);

// Empty members do not restrict.
struct VectorFilter {
    std::vector<SourceId> sources;
    std::vector<std::string> languages;
    std::vector<std::string> file_types;
    // * within a folder, ** across, ? one character; on source_name, or on its last part when the glob has no /
    std::string path_glob;
};

// Reading the texts is most of the work of a query for many hits.
enum class HitText { included, left_out };

struct VectorQuery {
    ProjectId project_id{};
    std::string words;         // BM25 over the analyzer's terms of this text; empty = not asked
    std::vector<float> dense;  // cosine; empty = not asked. Exactly one of the two is asked.
    VectorFilter filter;
    std::size_t offset = 0;  // skip this many of the best, for over-fetching
    std::size_t limit = 10;  // 1 to 10,000
    HitText text = HitText::included;
};

// A stored chunk that matched.
struct VectorHit {
    PointId id;
    SourceId source_id{};
    GenerationId generation;
    std::uint32_t ordinal = 0;
    ByteRange core;
    ByteRange context;
    LineRange lines;
    std::string heading;
    std::string text;  // the core's bytes, never empty unless left out
    double score = 0;  // BM25 (higher is better) or cosine
};

enum class LetterCase { exact, ignore };

// An exact substring somewhere in one document's whole text.
struct LiteralQuery {
    ProjectId project_id{};
    std::string text;                            // 1 to 1,000 bytes
    LetterCase letter_case = LetterCase::exact;  // ignore: by Unicode simple case folding
    bool whole_word = false;                     // no letter, digit or _ on either side
    VectorFilter filter;
    // Only documents for which this is true are looked at (search passes "is active").
    std::function<bool(SourceId, const GenerationId&)> accept;
    std::size_t limit = 10;               // matches returned, 1 to 10,000; all are counted
    std::size_t chunks_per_document = 0;  // matches of a document's first so many chunks with any; 0 = of all
};

struct LiteralMatch {
    SourceId source_id{};
    GenerationId generation;
    ByteRange match;            // in the document's text
    std::uint32_t ordinal = 0;  // the chunk whose core holds the match's first byte
    ByteRange core;
    LineRange lines;         // of that core
    std::uint64_t line = 1;  // of the match's first byte
    std::string heading;
    std::string text;  // that core's bytes
};

struct LiteralReply {
    std::vector<LiteralMatch> matches;  // by document, then by position
    std::uint64_t total_found = 0;      // exact; overlapping occurrences count like grep -o: leftmost, non-overlapping
};

// A chunk as it is stored.
struct StoredChunk {
    PointId id;
    std::uint32_t ordinal = 0;
    ByteRange core;
    LineRange lines;
    std::string heading;
    std::string text;  // the core's bytes
};

struct StoredGeneration {
    SourceId source_id{};
    GenerationId generation;
};

// Thread-safe. A reader sees a point whole or not at all.
class VectorStore {
public:
    virtual ~VectorStore() = default;

    // Stores points of one document; durable on return. Points of one document come in order of ordinal, over any number of
    // calls, their cores tiling its text from byte 0. Storing one again (a retry) changes nothing when it is equal, as a
    // generation's points are; one that differs takes the place of it and of all behind it.
    // Errors: invalid_argument (dimension, NaN, order), storage_full, unavailable.
    [[nodiscard]] virtual Status upsert(const Document& document, std::span<const Point> points) = 0;

    // Removes every point of a generation; nothing there is no error.
    [[nodiscard]] virtual Status erase(ProjectId project, SourceId source, const GenerationId& generation) = 0;

    // Removes all of a project.
    [[nodiscard]] virtual Status erase_project(ProjectId project) = 0;

    // How many points of a generation are stored.
    [[nodiscard]] virtual Result<std::uint64_t> count(ProjectId project, SourceId source,
                                                      const GenerationId& generation) = 0;

    // Chunks of a generation by ordinal, at most `limit` (1 to 10,000) from `first_ordinal` on; none where none are.
    // Errors: invalid_argument.
    [[nodiscard]] virtual Result<std::vector<StoredChunk>> chunks(ProjectId project, SourceId source,
                                                                  const GenerationId& generation,
                                                                  std::uint64_t first_ordinal, std::size_t limit) = 0;

    // All generations that have points, in a stable order, after the given one; for sweeping.
    [[nodiscard]] virtual Result<std::vector<StoredGeneration>> generations(ProjectId project,
                                                                            std::optional<StoredGeneration> after,
                                                                            std::size_t limit) = 0;

    // Best first; equal scores by point id. Errors: invalid_argument, unavailable.
    [[nodiscard]] virtual Result<std::vector<VectorHit>> query(const VectorQuery& query) = 0;

    // How many chunks a project has and how many of them have each term, those of generations that are not erased yet
    // included. Nothing known (as here) is no error.
    [[nodiscard]] virtual Result<TermCounts> count_terms(ProjectId project, std::span<const std::string> terms);

    // Brings the texts of hits that came without. A hit whose chunk is gone by now keeps an empty one.
    [[nodiscard]] virtual Status add_texts(ProjectId project, std::span<VectorHit* const> hits) = 0;

    [[nodiscard]] virtual Result<LiteralReply> find(const LiteralQuery& query) = 0;
};

// A store without an engine, in a folder of its own that is made where it is missing: one SQLite file a project. Several
// processes of one machine may share it. Errors: invalid_argument (dimension is not 1 to 65,536), io_error,
// permission_denied; a project's file that has another dimension is found out (incompatible) when it is asked.
[[nodiscard]] Result<std::unique_ptr<VectorStore>> open_vector_store(const std::string& folder, std::size_t dimension);

}  // namespace archaeologist
