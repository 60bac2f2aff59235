#include "cli/list_text.hpp"

#include <array>
#include <cstdio>

#include "cli/description.hpp"
#include "cli/table.hpp"
#include "host/figure.hpp"
#include "host/printable.hpp"

namespace archaeologist::cli {
namespace {

using host::count_text;
using host::grouped;

std::string duration_of(const Job& job, TimePoint now) {
    const auto seconds = job.duration_seconds(now);
    return seconds ? host::duration_text(*seconds) : "–";
}

std::string id_text(const std::optional<SourceId>& id) { return id ? std::to_string(to_integer(*id)) : "–"; }

template <class Page>
std::string position(const Page& page, std::size_t shown, const std::string& things) {
    if (shown == 0) return "none of " + count_text(page.total) + ' ' + things + '\n';
    const std::int64_t before = (page.page - 1) * page.per_page;
    std::string line = count_text(before + 1) + " to " + count_text(before + static_cast<std::int64_t>(shown)) +
                       " of " + count_text(page.total) + ' ' + things;
    if (page.has_more) line += ", --page " + std::to_string(page.page + 1) + " shows more";
    return line + '\n';
}

std::string progress_of(const Job& job) {
    std::array<char, 16> percent{};
    std::snprintf(percent.data(), percent.size(), "%.0f%%", job.progress_percentage());
    return job.progress_message.empty() ? percent.data() : percent.data() + (", " + job.progress_message);
}

std::string attempt_text(const Attempt& attempt) {
    std::string text = std::to_string(attempt.epoch) + "  " + to_rfc3339(attempt.started_at) + "  " +
                       (attempt.outcome.empty() ? "running" : attempt.outcome) + "  " + attempt.worker_id;
    if (!attempt.error_message.empty()) text += "  " + attempt.error_message;
    return text;
}

// Of code its language says more; of prose it says another thing.
const std::string& type_of(const Source& source) {
    const std::string& type = source.file_type;
    const bool is_prose = type == "text" || type == "markdown" || type == "html";
    return source.language.empty() || is_prose ? type : source.language;
}

}  // namespace

std::string table_of(const JobPage& page, TimePoint now) {
    Table table({{"ID"}, {"STATUS"}, {"TYPE"}, {"SOURCE", Align::right}, {"TOOK", Align::right}});
    for (const auto& job : page.jobs) {
        table.add({job.id.text(), std::string(to_string(job.status)), job.job_type, id_text(job.source_id),
                   duration_of(job, now)});
        if (!job.error_message.empty()) table.note(job.error_message);
    }
    return table.text();
}

std::string table_of(const SourcePage& page) {
    Table table({{"ID", Align::right},
                 {"STATUS"},
                 {"VERSION", Align::right},
                 {"CHUNKS", Align::right},
                 {"SIZE", Align::right},
                 {"TYPE"},
                 {"NAME"}});
    for (const auto& source : page.sources) {
        table.add({std::to_string(to_integer(source.id)), std::string(to_string(source.status)),
                   std::to_string(source.version), grouped(source.chunks), host::size_text(source.file_size),
                   type_of(source), source.filename});
        if (!source.reason.empty()) table.note(source.reason);
    }
    return table.text();
}

std::string table_of(const std::vector<Project>& projects) {
    Table table({{"ID", Align::right}, {"SOURCES", Align::right}, {"CREATED"}, {"NAME"}});
    for (const auto& project : projects) {
        table.add({std::to_string(to_integer(project.id)), count_text(project.sources), to_rfc3339(project.created_at),
                   project.name});
        if (!project.description.empty()) table.note(project.description);
        if (project.external_models == ExternalModels::denied) table.note("external models denied");
    }
    return table.text();
}

std::string description_of(const Job& job, TimePoint now) {
    Description description;
    description.add("id", job.id.text());
    description.add("type", job.job_type);
    description.add("status", std::string(to_string(job.status)));
    description.add("error", job.error_message);
    description.add("priority", std::string(to_string(job.priority)));
    description.add("project", std::to_string(to_integer(job.project_id)));
    if (job.source_id) description.add("source", id_text(job.source_id));
    if (job.parent_id) description.add("batch", job.parent_id->text());
    if (job.retry_of) description.add("retry of", job.retry_of->text());
    description.add("progress", progress_of(job));
    description.add("retries", std::to_string(job.retry_count) + " of " + std::to_string(job.max_retries));
    description.add("created", job.created_at);
    description.add("not before", job.scheduled_at);
    description.add("started", job.started_at);
    description.add("finished", job.completed_at);
    if (job.started_at) description.add("took", duration_of(job, now));
    description.add("worker", job.worker_id);
    description.add("data", job.job_data);
    description.add("result", job.result_data);
    for (const auto& attempt : job.attempts) description.add("attempt", attempt_text(attempt));
    return std::move(description).text();
}

std::string description_of(const Source& source) {
    Description description;
    description.add("id", std::to_string(to_integer(source.id)));
    description.add("name", source.filename);
    if (source.original_filename != source.filename) description.add("original name", source.original_filename);
    description.add("project", std::to_string(to_integer(source.project_id)));
    description.add("status", std::string(to_string(source.status)));
    description.add("reason", source.reason);
    description.add("version", std::to_string(source.version));
    if (source.active_version && *source.active_version != source.version) {
        description.add("searchable", "version " + std::to_string(*source.active_version));
    }
    description.add("chunks", grouped(source.chunks));
    description.add("size", host::size_text(source.file_size));
    description.add("type", source.file_type);
    description.add("language", source.language);
    description.add("media type", source.content_type);
    description.add("charset", source.charset);
    if (source.replaced_bytes > 0) description.add("unreadable", grouped(source.replaced_bytes) + " bytes");
    description.add("SHA-256", source.content_hash.hex());
    description.add("created", source.created_at);
    description.add("updated", source.updated_at);
    description.add("job", source.job_id.text());
    if (source.metadata != "{}") description.add("metadata", source.metadata);
    return std::move(description).text();
}

std::string position_of(const JobPage& page) { return position(page, page.jobs.size(), "jobs"); }

std::string position_of(const SourcePage& page) { return position(page, page.sources.size(), "files"); }

}  // namespace archaeologist::cli
