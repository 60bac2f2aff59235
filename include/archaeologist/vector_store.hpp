// Where chunks live for search: their text, their words and their vectors. Knows nothing of which generation is active.
#pragma once

#include <atomic>
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
    // A programming language, or the one that prose is in ("german"; analyzer.hpp has them all), lower case; empty when none.
    // Prose's words are stemmed in it. The same for all of a generation's points.
    std::string language;
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
    // As a chunk's (chunker.hpp): none, or at most 64 of together 4,096 bytes, in order, the first at core.begin; no newlines.
    std::vector<Heading> headings = {};
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
    std::vector<std::string> paths = {};  // one of these globs must match, too
    std::vector<std::string> not_languages = {};
    std::vector<std::string> not_file_types = {};
    std::vector<std::string> not_paths = {};
};

// Any word that begins so: an indexed term that begins with `begins`, or is one of `terms` (stems that are shorter).
struct PrefixWord {
    std::string begins;  // folded, not empty
    std::vector<std::string> terms;
};

// What a chunk must be beyond matching; terms are the analyzer's, of its name, heading and context. Empty members do not
// restrict. A store may admit more than this says: whoever asks looks at the texts again.
struct ChunkCondition {
    std::vector<std::vector<std::string>> all;  // of each of these, one of its terms
    std::vector<std::string> none;              // terms it does not hold
    std::vector<std::string> none_beginning;    // nor any that begins so
    std::vector<std::string> symbols;           // its heading, or a part's, is one of these (vector/symbol.hpp)
    std::vector<std::string> not_symbols;
};

// Reading the texts is most of the work of a query for many hits.
enum class HitText { included, left_out };

struct VectorQuery {
    ProjectId project_id{};
    // BM25 over the analyzer's terms of this text, in English and in all languages() of the project; empty = not asked
    std::string words;
    std::vector<float>
        dense;  // cosine; empty = not asked. Exactly one of the two is asked: words (with prefixes) or this.
    VectorFilter filter;
    std::size_t offset = 0;  // skip this many of the best, for over-fetching
    std::size_t limit = 10;  // 1 to 10,000
    HitText text = HitText::included;
    std::vector<PrefixWord> prefixes = {};  // each counts as one word
    ChunkCondition condition = {};
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
    std::string text;       // the core's bytes, never empty unless left out
    double score = 0;       // BM25 (higher is better) or cosine
    std::string file_type;  // of its document, as is the next
    std::string language = {};
    std::vector<Heading> headings = {};  // as its point's
};

enum class LetterCase { exact, ignore };

enum class TextPattern {
    literal,  // every character stands for itself
    regex,    // RE2's syntax; a match lies within one line, ^ and $ are a line's ends
};

// An exact substring, or what a regular expression matches, somewhere in one document's whole text.
struct LiteralQuery {
    ProjectId project_id{};
    std::string text;                            // 1 to 1,000 bytes; as a regular expression it may match no empty text
    LetterCase letter_case = LetterCase::exact;  // ignore: by Unicode simple case folding
    bool whole_word = false;                     // no letter, digit or _ on either side
    VectorFilter filter;
    // Only documents for which this is true are looked at (search passes "is active").
    std::function<bool(SourceId, const GenerationId&)> accept;
    std::size_t limit = 10;               // matches returned, 1 to 10,000; all are counted
    std::size_t chunks_per_document = 0;  // matches of a document's first so many chunks with any; 0 = of all
    TextPattern pattern = TextPattern::literal;
};

struct LiteralMatch {
    SourceId source_id{};
    GenerationId generation;
    ByteRange match;            // in the document's text
    std::uint32_t ordinal = 0;  // the chunk whose core holds the match's first byte
    ByteRange core;
    LineRange lines;         // of that core
    std::uint64_t line = 1;  // of the match's first byte
    std::string heading;     // what that byte stands under
    std::string text;        // that core's bytes
    std::string file_type;   // of its document
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

// Chunks as they were stored, to be stored elsewhere. A vector is what is kept of it: its direction, of eight bits a
// dimension in the embedded store.
struct StoredPoints {
    Document document;
    std::shared_ptr<const std::string> text;  // what the points' texts are in
    std::vector<Point> points;
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

    // The same with all that upsert() takes, texts with their contexts. No document where no points are.
    [[nodiscard]] virtual Result<StoredPoints> points(ProjectId project, SourceId source,
                                                      const GenerationId& generation, std::uint64_t first_ordinal,
                                                      std::size_t limit) = 0;

    // All projects that have points, ascending; the embedded store names those that had some, too.
    [[nodiscard]] virtual Result<std::vector<ProjectId>> projects() = 0;

    // All generations that have points, in a stable order, after the given one; for sweeping.
    [[nodiscard]] virtual Result<std::vector<StoredGeneration>> generations(ProjectId project,
                                                                            std::optional<StoredGeneration> after,
                                                                            std::size_t limit) = 0;

    // Best first; equal scores by point id. Errors: invalid_argument, unavailable.
    [[nodiscard]] virtual Result<std::vector<VectorHit>> query(const VectorQuery& query) = 0;

    // How many chunks a project has and how many of them have each term, those of generations that are not erased yet
    // included. Nothing known (as here) is no error.
    [[nodiscard]] virtual Result<TermCounts> count_terms(ProjectId project, std::span<const std::string> terms);

    // The languages beside English that a project's documents are stemmed in; those that were erased meanwhile may be among
    // them. A word is looked for in its forms of English and of all of these. None (as here) is no error.
    [[nodiscard]] virtual Result<std::vector<std::string>> languages(ProjectId project);

    // Brings the texts of hits that came without. A hit whose chunk is gone by now keeps an empty one.
    [[nodiscard]] virtual Status add_texts(ProjectId project, std::span<VectorHit* const> hits) = 0;

    [[nodiscard]] virtual Result<LiteralReply> find(const LiteralQuery& query) = 0;

    // Whether it answers now, within 3 s. Errors: unavailable, and what else a look at it may give.
    [[nodiscard]] virtual Status probe();
};

// Where chunks are kept.
struct VectorStoreConfig {
    // Empty = DATA/vectors. Else a Qdrant, by any of its nodes:
    //   qdrant+http://host[:port][,host[:port]…]/prefix[?shards=3][&replicas=2][&quantization=int8][&in_flight=4][&search_s=5]
    // Collections are named PREFIX-MODEL. shards, replicas and quantization are for those that are made. search_s: what each
    // request of a search may take, 1 to 25.
    std::string url;
    std::string api_key;  // never in messages or logs
    std::string ca_file;  // PEM, instead of the system's authorities; empty = those
    std::string proxy;    // http://host:port; empty = none
};

// Errors: invalid_argument.
[[nodiscard]] Status validate(const VectorStoreConfig& config);

// As messages may show it: "http://host:6333/prefix", or the folder.
[[nodiscard]] std::string to_string(const VectorStoreConfig& config, const std::string& data_dir);

// Vectors of different models are never compared; those of the data folder are of one model.
struct VectorModel {
    std::string id;
    std::size_t dimension = 0;
};

struct VectorCopyProgress {
    std::uint64_t generations_found = 0;    // in the store that is copied from, so far
    std::uint64_t generations_present = 0;  // in the other already, with as many points
    std::uint64_t generations_copied = 0;
    std::uint64_t points_copied = 0;
    std::uint64_t points_counted = 0;  // afterwards, in the store that was copied to
    std::uint64_t points_sampled = 0;  // read back and held against the first store's
};

struct VectorCopyOptions {
    int threads = 8;                          // 1 to 64: generations at once
    std::uint64_t samples = 100;              // points that are compared
    std::uint64_t seed = 0;                   // of their choice
    const std::atomic<bool>* stop = nullptr;  // set from any thread: ends soon, with `cancelled`
};

// One generation that is not as it must be, and why.
struct VectorCopyProblem {
    ProjectId project{};
    StoredGeneration generation;
    Error error;
};

struct VectorCopyReport {
    VectorCopyProgress done;
    std::uint64_t points_missing = 0;         // of those counted, in the store that was copied to
    std::vector<VectorCopyProblem> problems;  // at most 100 kept
    std::uint64_t problem_count = 0;          // generations that differ, or could not be read

    [[nodiscard]] bool is_whole() const { return points_missing == 0 && problem_count == 0; }
};

// Called from the calling thread, at most five times a second and once at the end.
using VectorCopyObserver = std::function<void(const VectorCopyProgress&)>;

// Copies the generations that `to` does not have with as many points, then counts all and compares samples. Ids stay the same.
// Whatever stopped it, a second call goes on where the first one ended. Both may be written to meanwhile: what is erased under
// way is no problem.
// Errors: invalid_argument (the options), cancelled, and what ends the use of either store (unavailable, storage_full, …).
[[nodiscard]] Result<VectorCopyReport> copy_vectors(VectorStore& from, VectorStore& to,
                                                    const VectorCopyOptions& options = {},
                                                    const VectorCopyObserver& observer = {});

// A folder is made where it is missing; a collection elsewhere, too, or is held against what it must be. One that does not
// answer is asked when it is first used.
// Errors: invalid_argument, incompatible (made for another model), permission_denied, io_error.
[[nodiscard]] Result<std::unique_ptr<VectorStore>> open_vector_store(const VectorStoreConfig& config,
                                                                     const std::string& data_dir,
                                                                     const VectorModel& model);

// A store without an engine, in a folder of its own that is made where it is missing: one SQLite file a project. Several
// processes of one machine may share it. Errors: invalid_argument (dimension is not 1 to 65,536), io_error,
// permission_denied; a project's file that has another dimension is found out (incompatible) when it is asked.
[[nodiscard]] Result<std::unique_ptr<VectorStore>> open_vector_store(const std::string& folder, std::size_t dimension);

}  // namespace archaeologist
