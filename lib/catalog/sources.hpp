// Sources, their versions and what search sees of them.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/source.hpp"
#include "sqlite/connection.hpp"

namespace archaeologist::catalog {

// What was known of a name before: enough to tell whether content is new.
struct KnownSource {
    SourceId id{};
    std::int64_t version = 0;
    ContentHash content_hash;
    std::uint64_t size_bytes = 0;
};
[[nodiscard]] Result<std::optional<KnownSource>> known_source(sqlite::Connection& tx, ProjectId project,
                                                              std::string_view name);

// Of the live sources that came first and last; none where there are none.
[[nodiscard]] Result<std::vector<ContentHash>> oldest_and_newest_content(sqlite::Connection& tx);

enum class SameContent { skip, process_again };

// Content that is in the lake already, to become a source's next version.
struct NewVersion {
    ProjectId project_id{};
    std::string filename;
    std::string original_filename;
    ContentHash content_hash;
    std::uint64_t size_bytes = 0;
    Priority priority = Priority::normal;
    std::chrono::seconds timeout{3600};
    int max_retries = 3;
    std::string metadata = "{}";
    UserId user_id = local_user;
    SameContent same_content = SameContent::skip;
    std::optional<JobId> retry_of;
};

struct AcceptedVersion {
    SourceId source_id{};
    std::int64_t version = 0;
    std::optional<JobId> job_id;  // nothing when the content is that of the latest version
};

// A source's latest content once more: what a retry or a reprocessing hands over.
[[nodiscard]] NewVersion same_again(const Source& source);

// The source's version and its job, together. Values must be valid (engine/upload.cpp sees to it).
// Errors: not_found (project).
[[nodiscard]] Result<AcceptedVersion> accept(sqlite::Connection& tx, const NewVersion& upload, TimePoint now);

// Errors: not_found.
[[nodiscard]] Result<Source> source(sqlite::Connection& tx, SourceId id);
// Replaces valid metadata by other valid metadata. Errors: not_found.
[[nodiscard]] Result<Source> set_metadata(sqlite::Connection& tx, SourceId id, std::string_view metadata,
                                          TimePoint now);
// The hash of its active version's normalised text. Errors: not_found (no such source, or nothing to read in it).
[[nodiscard]] Result<ContentHash> text_hash(sqlite::Connection& tx, SourceId id);
[[nodiscard]] Result<std::vector<Source>> list_sources(sqlite::Connection& tx, ProjectId project,
                                                       std::optional<SourceStatus> status, std::int64_t limit,
                                                       std::int64_t offset);

struct StatusCount {
    std::int64_t sources = 0;
    std::int64_t amount = 0;
};
// By status: how many, with how many replaced bytes. O(1).
[[nodiscard]] Result<std::map<SourceStatus, StatusCount>> source_counts(sqlite::Connection& tx, ProjectId project);
// By status: how many were processed since a moment, with how many chunks. O(sources).
[[nodiscard]] Result<std::map<SourceStatus, StatusCount>> processed_since(sqlite::Connection& tx, ProjectId project,
                                                                          TimePoint since);

// What search must know of a hit's source.
struct ActiveSource {
    ProjectId project_id{};
    std::string name;
    std::optional<GenerationId> generation;
};
[[nodiscard]] Result<std::optional<ActiveSource>> active_source(sqlite::Connection& tx, SourceId id);

struct RetiredGeneration {
    ProjectId project_id{};
    SourceId source_id{};
    GenerationId generation;
    std::string model_id;
};
[[nodiscard]] Result<std::vector<RetiredGeneration>> retired_generations(sqlite::Connection& tx, TimePoint before,
                                                                         std::size_t limit);
[[nodiscard]] Status forget_generation(sqlite::Connection& tx, const RetiredGeneration& retired);

}  // namespace archaeologist::catalog
