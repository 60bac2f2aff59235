// What a file_processing job is given (job_data) and what it comes to (result_data), as JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "archaeologist/id.hpp"
#include "archaeologist/result.hpp"

namespace archaeologist {

struct FileTask {
    std::string filename;
    std::int64_t version = 1;
    ContentHash content_hash;
    std::uint64_t size_bytes = 0;
};

[[nodiscard]] std::string to_json(const FileTask& task);
// Errors: invalid_argument.
[[nodiscard]] Result<FileTask> parse_file_task(std::string_view json);

struct FileResult {
    std::int64_t version = 1;
    std::uint64_t chunks = 0;
    std::string reason;                      // why there are none; empty when there are
    std::optional<GenerationId> generation;  // nothing when there are no chunks
    std::optional<ContentHash> text_hash;    // of the normalised text, in the lake
    std::string file_type;
    std::string content_type;
    std::string language;
    std::string charset;
    double charset_confidence = 0;  // 0 to 1
    std::uint64_t replaced_bytes = 0;
    std::string model_id;
};

[[nodiscard]] std::string to_json(const FileResult& result);
// Errors: invalid_argument.
[[nodiscard]] Result<FileResult> parse_file_result(std::string_view json);

}  // namespace archaeologist
