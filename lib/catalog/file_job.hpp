// What a file_processing job is given (job_data) and what it comes to (result_data), as JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "archaeologist/id.hpp"
#include "archaeologist/project.hpp"
#include "archaeologist/result.hpp"

namespace archaeologist {

// What was before models could be chosen, so that payloads need not say it.
inline constexpr std::string_view builtin_model_id = "builtin-hash-1";
inline constexpr std::size_t builtin_dimension = 384;

struct FileTask {
    std::string filename;
    std::int64_t version = 1;
    ContentHash content_hash;
    std::uint64_t size_bytes = 0;
    // Whose vectors search asks when the job is accepted; the worker makes those and its own model's.
    std::string search_model{builtin_model_id};
    std::size_t search_dimension = builtin_dimension;
    std::string for_model;  // the version is embedded once more, for this model alone; empty = a version that is new
    ExternalModels external_models =
        ExternalModels::allowed;  // of the project; denied: the built-in one instead of the worker's
};

[[nodiscard]] std::string to_json(const FileTask& task);
// Errors: invalid_argument.
[[nodiscard]] Result<FileTask> parse_file_task(std::string_view json);

// The same chunks with another model's vectors.
struct OtherGeneration {
    std::string model_id;
    GenerationId generation;
};

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
    std::optional<OtherGeneration> other;
    std::string for_model;  // as in the task
};

[[nodiscard]] std::string to_json(const FileResult& result);
// Errors: invalid_argument.
[[nodiscard]] Result<FileResult> parse_file_result(std::string_view json);

}  // namespace archaeologist
