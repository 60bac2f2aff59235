#include "cli/remote_json.hpp"

#include <array>
#include <charconv>
#include <chrono>

#include "cli/json_fields.hpp"

namespace archaeologist::cli {
namespace {

Project project_of(const Fields& fields) {
    Project project;
    project.id = fields.id<ProjectId>("id");
    project.name = fields.text("name");
    project.description = fields.text_or_nothing("description");
    project.created_at = fields.time("created_at");
    project.sources = fields.integer("sources");
    project.external_models =
        parse_external_models(fields.text_or_nothing("external_models")).value_or(ExternalModels::allowed);
    return project;
}

Source source_of(const Fields& fields) {
    Source source;
    source.id = fields.id<SourceId>("id");
    source.project_id = fields.id<ProjectId>("project_id");
    source.filename = fields.text("filename");
    source.original_filename = fields.text_or_nothing("original_filename");
    source.version = fields.integer("version");
    source.content_hash = fields.hash("content_hash");
    source.file_size = fields.count("file_size");
    source.file_type = fields.text_or_nothing("file_type");
    source.content_type = fields.text_or_nothing("content_type");
    source.language = fields.text_or_nothing("language");
    source.charset = fields.text_or_nothing("charset");
    source.replaced_bytes = fields.count("replaced_bytes");
    source.uploaded_by = fields.id<UserId>("uploaded_by");
    source.created_at = fields.time("created_at");
    source.updated_at = fields.time("updated_at");
    source.metadata = fields.json("metadata");
    source.status = fields.name("status", &parse_source_status);
    source.reason = fields.text_or_nothing("reason");
    source.chunks = fields.count("chunks");
    source.active_version = fields.if_any("active_version", &Fields::integer);
    if (fields.has("active_generation")) source.active_generation = GenerationId(fields.uuid("active_generation"));
    source.job_id = JobId(fields.uuid("job_id"));
    return source;
}

std::optional<JobId> job_id_if_any(const Fields& fields, std::string_view key) {
    return fields.has(key) ? std::optional(JobId(fields.uuid(key))) : std::nullopt;
}

Attempt attempt_of(const Fields& fields) {
    Attempt attempt;
    attempt.epoch = fields.count("epoch");
    attempt.worker_id = fields.text_or_nothing("worker_id");
    attempt.started_at = fields.time("started_at");
    attempt.ended_at = fields.if_any("ended_at", &Fields::time);
    attempt.outcome = fields.text_or_nothing("outcome");
    attempt.error_message = fields.text_or_nothing("error_message");
    return attempt;
}

Job job_of(const Fields& fields) {
    Job job;
    job.id = JobId(fields.uuid("id"));
    job.job_type = fields.text("job_type");
    job.status = fields.name("status", &parse_job_status);
    job.priority = fields.name("priority", &parse_priority);
    if (fields.has("project_id")) job.project_id = fields.id<ProjectId>("project_id");
    job.user_id = fields.id<UserId>("user_id");
    if (fields.has("source_id")) job.source_id = fields.id<SourceId>("source_id");
    job.parent_id = job_id_if_any(fields, "parent_id");
    job.retry_of = job_id_if_any(fields, "retry_of");
    job.job_data = fields.json("job_data");
    job.result_data = fields.json("result_data");
    job.error_message = fields.text_or_nothing("error_message");
    job.created_at = fields.time("created_at");
    job.queued_at = fields.if_any("queued_at", &Fields::time);
    job.started_at = fields.if_any("started_at", &Fields::time);
    job.completed_at = fields.if_any("completed_at", &Fields::time);
    job.scheduled_at = fields.if_any("scheduled_at", &Fields::time);
    job.progress_current = fields.integer("progress_current");
    job.progress_total = fields.integer("progress_total");
    job.progress_message = fields.text_or_nothing("progress_message");
    job.worker_id = fields.text_or_nothing("worker_id");
    job.retry_count = fields.small("retry_count");
    job.max_retries = fields.small("max_retries");
    job.timeout = std::chrono::seconds(fields.integer("timeout_seconds"));
    job.epoch = fields.count("epoch");
    if (fields.has("attempts")) job.attempts = fields.each("attempts", &attempt_of);
    return job;
}

template <class Page>
Page page_of(const Fields& fields) {
    Page page;
    page.total = fields.integer("total");
    page.page = fields.integer("page");
    page.per_page = fields.integer("per_page");
    page.has_more = fields.flag("has_more");
    return page;
}

// Whoever shows a hit cuts its content by these.
ByteRange range_within(const Fields& fields, std::string_view key, Fields::Pair pair, std::uint64_t size) {
    if (pair.first > pair.second || pair.second > size) fields.bad(key);
    return {pair.first, pair.second};
}

LineRange lines_of(const Fields& fields) {
    const auto pair = fields.pair("line_range");
    if (pair.first < 1 || pair.first > pair.second) fields.bad("line_range");
    return {pair.first, pair.second};
}

AlsoIn also_in_of(const Fields& fields) {
    return {fields.id<SourceId>("source_id"), fields.text("source_name"), lines_of(fields)};
}

Hit hit_of(const Fields& fields) {
    Hit hit;
    hit.chunk_id = PointId(fields.uuid("chunk_id"));
    hit.content = fields.text("content");
    hit.score = fields.real("score");
    const Fields why = fields.object("why");
    hit.why = {why.texts("words"), why.flag("literal"), why.real("similarity")};
    hit.project_id = fields.id<ProjectId>("project_id");
    hit.source_id = fields.id<SourceId>("source_id");
    hit.source_name = fields.text("source_name");
    hit.heading = fields.text_or_nothing("heading");
    const auto bytes = fields.pair("byte_range");
    hit.byte_range = range_within(fields, "byte_range", bytes, bytes.second);
    hit.line_range = lines_of(fields);
    for (const auto pair : fields.pairs("highlights")) {
        hit.highlights.push_back(range_within(fields, "highlights", pair, hit.content.size()));
    }
    hit.also_in = fields.each("also_in", &also_in_of);
    hit.symbol = fields.text_or_nothing("symbol");
    hit.before = fields.text_or_nothing("before");
    hit.after = fields.text_or_nothing("after");
    return hit;
}

SearchReply search_reply_of(const Fields& fields) {
    SearchReply reply;
    reply.results = fields.each("results", &hit_of);
    reply.total_found = fields.count("total_found");
    reply.query_time_ms = fields.real("query_time_ms");
    reply.query = fields.text("query");
    reply.mode = fields.name("mode", &parse_search_mode);
    const Fields coverage = fields.object("coverage");
    reply.coverage.sources = coverage.integer("sources");
    reply.coverage.searchable = coverage.integer("searchable");
    reply.coverage.pending = coverage.integer("pending");
    reply.coverage.failed = coverage.integer("failed");
    reply.coverage.unsupported = coverage.integer("unsupported");
    reply.coverage.replaced_bytes = coverage.integer("replaced_bytes");
    reply.note = fields.text_or_nothing("note");
    return reply;
}

QueueStats queue_stats_of(const Fields& fields) {
    QueueStats stats;
    stats.queued = fields.integer("queued");
    stats.scheduled = fields.integer("scheduled");
    stats.running = fields.integer("running");
    stats.completed = fields.integer("completed");
    stats.failed = fields.integer("failed");
    stats.cancelled = fields.integer("cancelled");
    stats.pending = fields.integer("pending");
    const Fields by_priority = fields.object("by_priority");
    for (std::size_t i = 0; i < stats.by_priority.size(); ++i) {
        stats.by_priority.at(i) = by_priority.integer(to_string(static_cast<Priority>(i)));
    }
    stats.oldest_queued_seconds = fields.real("oldest_queued_seconds");
    stats.workers = fields.integer("workers");
    stats.paused = fields.flag("paused");
    return stats;
}

std::optional<Check::Verdict> parse_verdict(std::string_view text) {
    for (const auto verdict : {Check::Verdict::good, Check::Verdict::warning, Check::Verdict::bad}) {
        if (to_string(verdict) == text) return verdict;
    }
    return std::nullopt;
}

Check check_of(const Fields& fields) {
    return {fields.text("name"), fields.name("verdict", &parse_verdict), fields.text_or_nothing("found"),
            fields.text_or_nothing("advice")};
}

std::optional<Code> parse_code(std::string_view text) {
    for (auto number = static_cast<std::int32_t>(Code::invalid_argument);
         number <= static_cast<std::int32_t>(Code::internal); ++number) {
        if (to_string(static_cast<Code>(number)) == text) return static_cast<Code>(number);
    }
    return std::nullopt;
}

// So many digits and nothing else.
std::optional<int> number_of(std::string_view digits) {
    int number = 0;
    const char* const end = digits.data() + digits.size();
    const auto [parsed, failure] = std::from_chars(digits.data(), end, number);
    if (failure != std::errc() || parsed != end || number < 0) return std::nullopt;
    return number;
}

// ".5" to ".123456789"; less than a millisecond is dropped.
std::optional<int> milliseconds_of(std::string_view fraction) {
    if (fraction.empty()) return 0;
    if (fraction.front() != '.' || fraction.size() < 2 || fraction.size() > 10) return std::nullopt;
    if (!number_of(fraction.substr(1))) return std::nullopt;
    std::string three(fraction.substr(1, 3));
    three.resize(3, '0');
    return number_of(three);
}

}  // namespace

Result<Project> parse_project(std::string_view json) { return read_json(json, &project_of); }

Result<std::vector<Project>> parse_projects(std::string_view json) {
    return read_json("{\"projects\":" + std::string(json) + '}',
                     [](const Fields& fields) { return fields.each("projects", &project_of); });
}

Result<Source> parse_source(std::string_view json) { return read_json(json, &source_of); }

Result<SourcePage> parse_source_page(std::string_view json) {
    return read_json(json, [](const Fields& fields) {
        auto page = page_of<SourcePage>(fields);
        page.sources = fields.each("sources", &source_of);
        return page;
    });
}

Result<Job> parse_job(std::string_view json) { return read_json(json, &job_of); }

Result<JobPage> parse_job_page(std::string_view json) {
    return read_json(json, [](const Fields& fields) {
        auto page = page_of<JobPage>(fields);
        page.jobs = fields.each("jobs", &job_of);
        return page;
    });
}

Result<QueueStats> parse_queue_stats(std::string_view json) { return read_json(json, &queue_stats_of); }

Result<BulkReply> parse_bulk_reply(std::string_view json) {
    return read_json(json, [](const Fields& fields) {
        return BulkReply{fields.integer("changed"), fields.integer("refused")};
    });
}

Result<SearchReply> parse_search_reply(std::string_view json) { return read_json(json, &search_reply_of); }

Result<std::vector<Check>> parse_checks(std::string_view json) {
    return read_json(json, [](const Fields& fields) { return fields.each("checks", &check_of); });
}

Result<RemoteUpload> parse_upload(std::string_view json) {
    return read_json(json, [](const Fields& fields) {
        return RemoteUpload{fields.each("sources", &source_of), fields.each("jobs", &job_of)};
    });
}

Result<Job> parse_reprocessed(std::string_view json) {
    return read_json(json, [](const Fields& fields) { return job_of(fields.object("job")); });
}

Result<std::uint64_t> parse_chunk_count(std::string_view result_data) {
    return read_json(result_data, [](const Fields& fields) { return fields.count("chunks"); });
}

std::optional<Error> parse_problem(std::string_view json) {
    struct Problem {
        Code code;
        std::string detail;
    };
    auto problem = read_json(json, [](const Fields& fields) {
        return Problem{fields.name("code", &parse_code), fields.text("detail")};
    });
    if (!problem) return std::nullopt;
    return Error{problem->code, std::move(problem->detail)};
}

std::optional<TimePoint> parse_rfc3339(std::string_view text) {
    constexpr std::size_t size_min = 20;  // "2026-11-23T19:00:19Z"
    if (text.size() < size_min || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
        text[16] != ':' || text.back() != 'Z') {
        return std::nullopt;
    }
    const std::array parts{number_of(text.substr(0, 4)),
                           number_of(text.substr(5, 2)),
                           number_of(text.substr(8, 2)),
                           number_of(text.substr(11, 2)),
                           number_of(text.substr(14, 2)),
                           number_of(text.substr(17, 2)),
                           milliseconds_of(text.substr(19, text.size() - size_min))};
    for (const auto& part : parts) {
        if (!part) return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year(*parts[0]),
                                           std::chrono::month(static_cast<unsigned>(*parts[1])),
                                           std::chrono::day(static_cast<unsigned>(*parts[2]))};
    if (!date.ok() || *parts[3] > 23 || *parts[4] > 59 || *parts[5] > 60) return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(*parts[3]) + std::chrono::minutes(*parts[4]) +
           std::chrono::seconds(*parts[5]) + std::chrono::milliseconds(*parts[6]);
}

}  // namespace archaeologist::cli
