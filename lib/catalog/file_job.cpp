#include "catalog/file_job.hpp"

#include <simdjson.h>

#include "archaeologist/json.hpp"

namespace archaeologist {
namespace {

// Reads members of one JSON object; the first that is missing or of another type is remembered.
class Reader {
public:
    Reader(std::string_view what, std::string_view json) : what_(what) {
        thread_local simdjson::dom::parser parser;
        if (parser.parse(json.data(), json.size()).get(object_) != simdjson::SUCCESS) bad_ = "the JSON object";
    }

    [[nodiscard]] bool has(const char* key) const {
        simdjson::dom::element value;
        return bad_.empty() && object_[key].get(value) == simdjson::SUCCESS;
    }
    [[nodiscard]] std::string text(const char* key) {
        std::string_view value;
        if (bad_.empty() && object_[key].get(value) != simdjson::SUCCESS) bad_ = key;
        return std::string(value);
    }
    [[nodiscard]] std::int64_t integer(const char* key) {
        std::int64_t value = 0;
        if (bad_.empty() && object_[key].get(value) != simdjson::SUCCESS) bad_ = key;
        return value;
    }
    [[nodiscard]] double real(const char* key) {
        double value = 0;
        if (bad_.empty() && object_[key].get(value) != simdjson::SUCCESS) bad_ = key;
        return value;
    }
    // An empty text is nothing.
    [[nodiscard]] std::optional<ContentHash> hash(const char* key) {
        const std::string hex = text(key);
        const auto value = ContentHash::parse(hex);
        if (!hex.empty() && !value && bad_.empty()) bad_ = key;
        return value;
    }
    [[nodiscard]] std::optional<Uuid> uuid(const char* key) {
        const std::string written = text(key);
        const auto value = Uuid::parse(written);
        if (!written.empty() && !value && bad_.empty()) bad_ = key;
        return value;
    }
    [[nodiscard]] Status status() const {
        if (bad_.empty()) return {};
        return Error{Code::invalid_argument, std::string(what_) + ": " + bad_ + " is missing or malformed"};
    }

private:
    std::string_view what_;
    simdjson::dom::object object_;
    std::string bad_;
};

}  // namespace

std::string to_json(const FileTask& task) {
    JsonWriter json;
    json.begin_object()
        .field("filename", task.filename)
        .field("version", task.version)
        .field("content_hash", task.content_hash.hex())
        .field("size_bytes", task.size_bytes);
    if (task.search_model != builtin_model_id) {
        json.field("search_model", task.search_model).field("search_dimension", task.search_dimension);
    }
    if (!task.for_model.empty()) json.field("for_model", task.for_model);
    if (task.external_models != ExternalModels::allowed) {
        json.field("external_models", to_string(task.external_models));
    }
    json.end_object();
    return std::move(json).text();
}

Result<FileTask> parse_file_task(std::string_view json) {
    Reader reader("job_data of a file_processing job", json);
    FileTask task;
    task.filename = reader.text("filename");
    task.version = reader.integer("version");
    task.content_hash = reader.hash("content_hash").value_or(ContentHash{});
    task.size_bytes = static_cast<std::uint64_t>(reader.integer("size_bytes"));
    if (reader.has("search_model")) {
        task.search_model = reader.text("search_model");
        task.search_dimension = static_cast<std::size_t>(reader.integer("search_dimension"));
    }
    if (reader.has("for_model")) task.for_model = reader.text("for_model");
    if (reader.has("external_models")) {
        task.external_models = parse_external_models(reader.text("external_models")).value_or(ExternalModels::denied);
    }
    ARCHAEO_TRY(reader.status());
    return task;
}

std::string to_json(const FileResult& result) {
    JsonWriter json;
    json.begin_object()
        .field("version", result.version)
        .field("chunks", result.chunks)
        .field("reason", result.reason)
        .field("generation", result.generation ? result.generation->text() : std::string())
        .field("text_hash", result.text_hash ? result.text_hash->hex() : std::string())
        .field("file_type", result.file_type)
        .field("content_type", result.content_type)
        .field("language", result.language)
        .field("charset", result.charset)
        .field("charset_confidence", result.charset_confidence)
        .field("replaced_bytes", result.replaced_bytes)
        .field("model_id", result.model_id);
    if (result.other) {
        json.field("other_model_id", result.other->model_id).field("other_generation", result.other->generation.text());
    }
    if (!result.for_model.empty()) json.field("for_model", result.for_model);
    json.end_object();
    return std::move(json).text();
}

Result<FileResult> parse_file_result(std::string_view json) {
    Reader reader("result_data of a file_processing job", json);
    FileResult result;
    result.version = reader.integer("version");
    result.chunks = static_cast<std::uint64_t>(reader.integer("chunks"));
    result.reason = reader.text("reason");
    if (const auto id = reader.uuid("generation")) result.generation = GenerationId(*id);
    result.text_hash = reader.hash("text_hash");
    result.file_type = reader.text("file_type");
    result.content_type = reader.text("content_type");
    result.language = reader.text("language");
    result.charset = reader.text("charset");
    result.charset_confidence = reader.real("charset_confidence");
    result.replaced_bytes = static_cast<std::uint64_t>(reader.integer("replaced_bytes"));
    result.model_id = reader.text("model_id");
    if (reader.has("other_model_id")) {
        result.other = OtherGeneration{reader.text("other_model_id"),
                                       GenerationId(reader.uuid("other_generation").value_or(Uuid{}))};
    }
    if (reader.has("for_model")) result.for_model = reader.text("for_model");
    ARCHAEO_TRY(reader.status());
    return result;
}

}  // namespace archaeologist
