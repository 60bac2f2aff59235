// Files come in: many in one multipart request, or one by its name, whole or in pieces. The reply comes once all is on disk.
#include <charconv>

#include "host/http/multipart.hpp"
#include "host/http/problem.hpp"
#include "httpd/api.hpp"
#include "httpd/shapes.hpp"

namespace archaeologist::httpd {
namespace {

using host::Call;
using host::HttpReply;
using host::Route;
using host::Schema;

constexpr std::size_t field_bytes_max = 64 << 10;
constexpr std::size_t logged_jobs = 8;

// A request's body that ends with an error where the limit is passed.
class LimitedBody final : public ByteSource {
public:
    LimitedBody(ByteSource& body, std::uint64_t bytes_max) : body_(body), left_(bytes_max), bytes_max_(bytes_max) {}

    Result<std::size_t> read(std::span<char> buffer) override {
        ARCHAEO_ASSIGN(const std::size_t size, body_.read(buffer));
        if (size > left_) return Error{Code::too_large, "body is longer than " + std::to_string(bytes_max_) + " bytes"};
        left_ -= size;
        return size;
    }

private:
    ByteSource& body_;
    std::uint64_t left_;
    const std::uint64_t bytes_max_;
};

// How the files of a request are to be processed, from form fields or the query.
struct UploadOptions {
    Priority priority = Priority::normal;
    std::optional<std::int64_t> timeout_seconds;
    std::optional<std::int64_t> max_retries;
    std::string metadata = "{}";
    IfUnchanged if_unchanged = IfUnchanged::skip;
};

// JSON as it is; other text is a comment.
std::string metadata_of(const std::string& text) {
    if (const auto document = host::JsonDocument::parse(text)) return text;
    if (text.empty()) return "{}";
    JsonWriter json;
    json.begin_object().field("comment", text).end_object();
    return std::move(json).text();
}

std::int64_t number(const std::string& text) {
    std::int64_t value = 0;
    (void)std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

// Errors: invalid_argument (unknown, or no value it may have).
Status set_option(const std::string& name, const std::string& text, UploadOptions& options) {
    if (name == "priority") {
        ARCHAEO_TRY(host::check_text("priority", text, priority_schema()));
        options.priority = parse_priority(text).value_or(Priority::normal);
    } else if (name == "timeout_seconds") {
        ARCHAEO_TRY(host::check_text(name, text, timeout_schema()));
        options.timeout_seconds = number(text);
    } else if (name == "max_retries") {
        ARCHAEO_TRY(host::check_text(name, text, retries_schema()));
        options.max_retries = number(text);
    } else if (name == "metadata") {
        options.metadata = metadata_of(text);
    } else if (name == "force") {
        ARCHAEO_TRY(host::check_text(name, text, Schema::flag()));
        options.if_unchanged = text == "true" ? IfUnchanged::process_again : IfUnchanged::skip;
    } else {
        return Error{Code::invalid_argument,
                     "form field \"" + name.substr(0, 100) +
                         "\" is unknown, must be priority, timeout_seconds, max_retries, metadata or "
                         "force; a file's part has a filename"};
    }
    return {};
}

UploadRequest request_of(const Api& api, ProjectId project, std::string filename, const UploadOptions& options) {
    UploadRequest request;
    request.project_id = project;
    request.filename = std::move(filename);
    request.priority = options.priority;
    request.timeout = options.timeout_seconds ? std::chrono::seconds(*options.timeout_seconds) : api.defaults.timeout;
    request.max_retries = static_cast<int>(options.max_retries.value_or(api.defaults.max_retries));
    request.metadata = options.metadata;
    request.if_unchanged = options.if_unchanged;
    return request;
}

HttpReply accepted(Api& api, const std::vector<UploadReply>& uploads) {
    const TimePoint now = api.engine.clock().now();
    HttpReply reply;
    reply.status = 202;
    std::size_t processed = 0;
    for (const auto& upload : uploads) {
        if (upload.job && reply.job_ids.size() < logged_jobs) reply.job_ids.push_back(upload.job->id.text());
        processed += upload.job ? 1 : 0;
    }
    const std::size_t skipped = uploads.size() - processed;
    JsonWriter json;
    json.begin_object().field("success", true);
    json.field("message", std::to_string(processed) + " stored and queued, " + std::to_string(skipped) + " unchanged");
    json.key("sources").begin_array();
    for (const auto& upload : uploads) json.raw(to_json(upload.source));
    json.end_array().key("jobs").begin_array();
    for (const auto& upload : uploads) {
        if (upload.job) json.raw(to_json(*upload.job, now));
    }
    json.end_array();
    json.field("total_files", uploads.size())
        .field("processed_files", processed)
        .field("skipped_files", skipped)
        .end_object();
    reply.body = std::move(json).text();
    return reply;
}

Result<std::optional<KeysInUse::Use>> use_key(Api& api, const std::optional<IdempotencyKey>& key) {
    if (!key) return std::optional<KeysInUse::Use>();
    auto use = api.keys.begin(key->route + '\n' + key->key);
    if (!use) return Error{Code::conflict, "Idempotency-Key is that of a request that is still being answered"};
    return use;
}

class MultipartUpload {
public:
    MultipartUpload(Api& api, ProjectId project, host::MultipartReader& reader)
        : api_(api), project_(project), reader_(reader) {}

    // Stores all files; returns them with the options that the fields say.
    Result<std::vector<StoredFile>> run() {
        std::vector<StoredFile> files;
        for (;;) {
            ARCHAEO_ASSIGN(const auto part, reader_.next());
            if (!part) break;
            if (!part->filename) {
                ARCHAEO_ASSIGN(const auto value, reader_.read_all(field_bytes_max));
                ARCHAEO_TRY(set_option(part->name, value, options_));
                continue;
            }
            if (files.size() == api_.limits.files_max) {
                return Error{Code::too_large, "upload has more than " + std::to_string(api_.limits.files_max) +
                                                  " files; send them in several requests"};
            }
            const auto request = request_of(api_, project_, *part->filename, {});
            ARCHAEO_TRY(api_.engine.validate(request));
            host::PartSource content(reader_);
            ARCHAEO_ASSIGN(const auto blob, api_.engine.lake().put(content, api_.engine.limits().file_bytes_max));
            files.push_back({request, blob});
        }
        if (files.empty())
            return Error{Code::invalid_argument, "upload has no file, must have at least one part with a filename"};
        for (auto& file : files) file.request = request_of(api_, project_, file.request.filename, options_);
        return files;
    }

private:
    Api& api_;
    const ProjectId project_;
    host::MultipartReader& reader_;
    UploadOptions options_;
};

Result<HttpReply> upload(Api& api, const Call& call) {
    ARCHAEO_TRY(api.engine.project(project_of(call)));
    const auto content_type = call.request().header("content-type");
    if (!content_type.starts_with("multipart/form-data")) {
        return host::problem(415, "unsupported",
                             "Content-Type is \"" + content_type.substr(0, 100) + "\", must be multipart/form-data");
    }
    ARCHAEO_ASSIGN(const auto key, key_of(call, "upload " + call.text("project_id")));
    ARCHAEO_ASSIGN(const auto use, use_key(api, key));
    const auto announced = call.request().body->size();
    if (announced && *announced > api.limits.body_bytes_max) {
        return Error{Code::too_large, "body has " + std::to_string(*announced) + " bytes, must have at most " +
                                          std::to_string(api.limits.body_bytes_max)};
    }
    LimitedBody body(*call.request().body, api.limits.body_bytes_max);
    auto reader = host::MultipartReader::open(body, content_type);
    if (!reader) return host::problem(400, "malformed_request", reader.error().message);
    auto files = MultipartUpload(api, project_of(call), *reader).run();
    if (!files && reader->is_malformed()) return host::problem(400, "malformed_request", files.error().message);
    if (!files) return files.error();
    ARCHAEO_ASSIGN(const auto uploads, api.engine.accept(*files, key));
    return accepted(api, uploads);
}

// "bytes 0-99/1000", or "bytes */1000" to ask how many are there.
struct ContentRange {
    std::optional<std::uint64_t> first;
    std::uint64_t last = 0;
    std::uint64_t total = 0;
};

Result<ContentRange> parse_content_range(const std::string& text) {
    const Error wrong{Code::invalid_argument, "Content-Range is \"" + text.substr(0, 100) +
                                                  "\", must be bytes FIRST-LAST/TOTAL or bytes */TOTAL"};
    ContentRange range;
    const auto take = [](std::string_view& rest, std::uint64_t& into) {
        const auto parsed = std::from_chars(rest.data(), rest.data() + rest.size(), into);
        if (parsed.ec != std::errc()) return false;
        rest.remove_prefix(static_cast<std::size_t>(parsed.ptr - rest.data()));
        return true;
    };
    const auto pass = [](std::string_view& rest, std::string_view word) {
        if (!rest.starts_with(word)) return false;
        rest.remove_prefix(word.size());
        return true;
    };
    std::string_view rest = text;
    if (!pass(rest, "bytes ")) return wrong;
    if (!pass(rest, "*/")) {
        range.first = 0;
        if (!take(rest, *range.first) || !pass(rest, "-") || !take(rest, range.last) || !pass(rest, "/")) return wrong;
    }
    if (!take(rest, range.total) || !rest.empty()) return wrong;
    if (range.first && (*range.first > range.last || range.last >= range.total)) return wrong;
    return range;
}

Result<HttpReply> put_piece(Api& api, const Call& call, const UploadRequest& request) {
    ARCHAEO_ASSIGN(const auto range, parse_content_range(call.request().header("content-range")));
    const auto announced = call.request().body->size();
    const std::uint64_t expected = range.first ? range.last - *range.first + 1 : 0;
    if (announced && *announced != expected) {
        return Error{Code::invalid_argument, "body has " + std::to_string(*announced) + " bytes, Content-Range says " +
                                                 std::to_string(expected)};
    }
    LimitedBody body(*call.request().body, expected);
    const Piece piece{.offset = range.first.value_or(0), .total_bytes = range.total};
    ARCHAEO_ASSIGN(const auto reply, api.engine.upload_piece(request, piece, body));
    if (reply.upload) return accepted(api, {*reply.upload});
    JsonWriter json;
    json.begin_object().field("received_bytes", reply.received_bytes).field("total_bytes", range.total).end_object();
    HttpReply incomplete = json_reply(308, std::move(json).text());
    if (reply.received_bytes > 0)
        incomplete.headers.emplace_back("Range", "bytes=0-" + std::to_string(reply.received_bytes - 1));
    return incomplete;
}

Result<HttpReply> put_file(Api& api, const Call& call) {
    UploadOptions options;
    for (const char* name : {"priority", "timeout_seconds", "max_retries", "metadata", "force"}) {
        if (call.has(name)) ARCHAEO_TRY(set_option(name, call.text(name), options));
    }
    const UploadRequest request = request_of(api, project_of(call), call.text("name"), options);
    ARCHAEO_TRY(api.engine.validate(request));
    if (call.request().headers.contains("content-range")) return put_piece(api, call, request);
    const std::uint64_t bytes_max = api.engine.limits().file_bytes_max;
    const auto announced = call.request().body->size();
    if (announced && *announced > bytes_max) {
        return Error{Code::too_large, "file has " + std::to_string(*announced) + " bytes, must have at most " +
                                          std::to_string(bytes_max)};
    }
    ARCHAEO_ASSIGN(const auto key, key_of(call, "put " + call.text("project_id") + ' ' + request.filename));
    ARCHAEO_ASSIGN(const auto use, use_key(api, key));
    ARCHAEO_ASSIGN(const auto blob, api.engine.lake().put(*call.request().body, bytes_max));
    const StoredFile file{request, blob};
    ARCHAEO_ASSIGN(const auto uploads, api.engine.accept({&file, 1}, key));
    return accepted(api, uploads);
}

}  // namespace

std::optional<KeysInUse::Use> KeysInUse::begin(const std::string& key) {
    const std::lock_guard lock(mutex_);
    if (!keys_.insert(key).second) return std::nullopt;
    return Use(*this, key);
}

void KeysInUse::end(const std::string& key) {
    const std::lock_guard lock(mutex_);
    keys_.erase(key);
}

std::vector<Route> upload_routes(Api& api) {
    const Schema metadata = Schema::text(0, static_cast<std::int64_t>(field_bytes_max),
                                         "A JSON object; other text becomes {\"comment\": text}");
    const Schema force = Schema::flag("Process unchanged content again");
    return {
        Route("POST", "/api/v1/projects/{project_id}/upload", "upload", "uploads",
              "Stores files, and queues what is new; returns once all is on disk")
            .part(project_id())
            .header(idempotency_key())
            .takes(Route::Body::multipart, Schema::object({{"priority", priority_schema()},
                                                           {"timeout_seconds", timeout_schema()},
                                                           {"max_retries", retries_schema()},
                                                           {"metadata", metadata},
                                                           {"force", force}}))
            .replies(202, "Stored; jobs process what is new", "Upload")
            .replies(409, "A request with this Idempotency-Key is being answered")
            .by([&api](Call& call) { return upload(api, call); }),
        Route("PUT", "/api/v1/projects/{project_id}/files/{name...}", "putFile", "uploads",
              "Stores one file under its name, whole, or in pieces with Content-Range; Content-Range: bytes */TOTAL "
              "asks how much is there")
            .part(project_id())
            .part({"name", Schema::text(1, 1'024, "Its name; may hold slashes")})
            .query({{"priority", priority_schema()},
                    {"timeout_seconds", timeout_schema()},
                    {"max_retries", retries_schema()},
                    {"metadata", metadata},
                    {"force", force}})
            .header(idempotency_key())
            .header({"Content-Range", Schema::text(1, 100, "bytes FIRST-LAST/TOTAL or bytes */TOTAL")})
            .takes(Route::Body::raw)
            .replies(202, "Stored; a job processes it if it is new", "Upload")
            .replies(308, "The pieces up to here are on disk (Range says which); send the next", "Incomplete")
            .replies(409, "The piece begins behind what is there, or another request is adding to the file")
            .by([&api](Call& call) { return put_file(api, call); }),
    };
}

}  // namespace archaeologist::httpd
