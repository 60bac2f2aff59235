// Sources: what was handed over. A source is (project, name); new content for a known name is its next version.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "archaeologist/id.hpp"
#include "archaeologist/job.hpp"

namespace archaeologist {

// pending: a job is on its way · searchable: chunks are there · unsupported: read, nothing to search in it (see reason)
// · failed: the last version could not be processed (an older one may still be searchable).
enum class SourceStatus : std::uint8_t { pending, searchable, unsupported, failed };

[[nodiscard]] std::string_view to_string(SourceStatus status);
[[nodiscard]] std::optional<SourceStatus> parse_source_status(std::string_view text);

struct Source {
    SourceId id{};
    ProjectId project_id{};
    std::string filename;              // unique in the project; may contain /
    std::string original_filename;     // as handed over
    std::int64_t version = 1;          // of the latest upload
    ContentHash content_hash;          // of the latest upload
    std::uint64_t file_size = 0;       // bytes
    std::string file_type;             // "code", "markdown", …; empty until detected
    std::string content_type;          // a media type; empty until detected
    std::string language;              // programming language, or prose's ("german"); empty when none, or not told
    std::string charset;               // as decoded
    std::uint64_t replaced_bytes = 0;  // what decoding could not keep
    UserId uploaded_by = local_user;
    TimePoint created_at{};
    TimePoint updated_at{};
    std::string metadata = "{}";  // a JSON object
    SourceStatus status = SourceStatus::pending;
    std::string reason;                          // why unsupported or failed
    std::uint64_t chunks = 0;                    // of the active generation
    std::optional<std::int64_t> active_version;  // what search sees
    std::optional<GenerationId> active_generation;
    JobId job_id;  // of the latest version
};

[[nodiscard]] std::string to_json(const Source& source);

}  // namespace archaeologist
