#include "cli/remote_service.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "archaeologist/json.hpp"
#include "cli/remote_api.hpp"
#include "cli/remote_ingest.hpp"

namespace archaeologist::cli {
namespace {

using std::chrono::milliseconds;

std::string of_project(ProjectId id) { return "/projects/" + std::to_string(to_integer(id)); }

std::string of_source(ProjectId project, SourceId id) {
    return of_project(project) + "/sources/" + std::to_string(to_integer(id));
}

std::string of_job(JobId id) { return "/jobs/" + id.text(); }

template <class Filter>
void add_page(host::HttpQuery& query, const Filter& filter) {
    query.add("page", static_cast<std::uint64_t>(filter.page));
    query.add("per_page", static_cast<std::uint64_t>(filter.per_page));
}

std::string query_of(const JobFilter& filter) {
    host::HttpQuery query;
    query.add_if_any("status", filter.status ? to_string(*filter.status) : std::string_view());
    query.add_if_any("job_type", filter.job_type);
    if (filter.project_id) query.add("project_id", std::to_string(to_integer(*filter.project_id)));
    add_page(query, filter);
    return query.text();
}

std::string query_of(const SearchRequest& request) {
    host::HttpQuery query;
    query.add("q", request.query).add("mode", to_string(request.mode));
    query.add("limit", request.limit).add("offset", request.offset).add("per_source", request.per_source);
    query.add_if_any("path", request.filter.path_glob);
    for (const auto& language : request.filter.languages) query.add("lang", language);
    for (const auto& type : request.filter.file_types) query.add("type", type);
    if (request.letter_case == LetterCase::ignore) query.add("case", "ignore");
    if (request.whole_word) query.add("word", "true");
    if (request.pattern == TextPattern::regex) query.add("regex", "true");
    if (request.context_lines > 0) query.add("context", request.context_lines);
    return query.text();
}

std::string_view name_of(BulkAction action) {
    switch (action) {
        case BulkAction::cancel: return "cancel";
        case BulkAction::retry: return "retry";
        case BulkAction::remove: return "delete";
        case BulkAction::set_priority: break;
    }
    return "set_priority";
}

std::string bulk_json(const JobSelection& selection, BulkAction action) {
    JsonWriter json;
    json.begin_object().key("filter").begin_object();
    if (!selection.ids.empty()) {
        json.key("ids").begin_array();
        for (const JobId id : selection.ids) json.value(id.text());
        json.end_array();
    }
    if (selection.status) json.field("status", to_string(*selection.status));
    if (!selection.job_type.empty()) json.field("job_type", selection.job_type);
    if (selection.project_id) json.field("project_id", to_integer(*selection.project_id));
    json.end_object().field("action", name_of(action)).end_object();
    return std::move(json).text();
}

class RemoteService final : public Service {
public:
    explicit RemoteService(ServerAddress server) : server_(std::move(server)), api_(server_) {}

    Result<Project> create_project(std::string_view name, std::string_view description,
                                   ExternalModels external_models) override {
        JsonWriter json;
        json.begin_object().field("name", name).field("description", description);
        // An older server knows no such member, and allows them.
        if (external_models == ExternalModels::denied) json.field("external_models", to_string(external_models));
        json.end_object();
        return api_.call("POST", "/projects", &parse_project, json.text());
    }
    Result<Project> update_project(ProjectId id, const ProjectChange& change) override {
        JsonWriter json;
        json.begin_object();
        if (change.name) json.field("name", *change.name);
        if (change.description) json.field("description", *change.description);
        if (change.external_models) json.field("external_models", to_string(*change.external_models));
        json.end_object();
        return api_.call("PUT", of_project(id), &parse_project, json.text());
    }
    Result<Project> project(std::string_view name) override { return api_.project(name); }
    Result<std::vector<Project>> projects() override { return api_.call("GET", "/projects", &parse_projects); }
    Status delete_project(ProjectId id) override { return done(api_.call("DELETE", of_project(id))); }

    Result<IngestReport> ingest(const IngestRequest& request, const IngestObserver& observer,
                                const std::atomic<bool>* stop) override {
        return RemoteIngest(server_, request, observer, stop).run();
    }
    Result<SearchReply> search(const SearchRequest& request) override {
        const std::string where = request.projects.size() == 1 ? of_project(request.projects.front()) : std::string();
        return api_.call("GET", where + "/search" + query_of(request), &parse_search_reply);
    }
    Result<SourcePage> sources(const SourceFilter& filter) override {
        host::HttpQuery query;
        query.add_if_any("status", filter.status ? to_string(*filter.status) : std::string_view());
        add_page(query, filter);
        return api_.call("GET", of_project(filter.project_id) + "/sources" + query.text(), &parse_source_page);
    }
    Result<Source> source(ProjectId project, SourceId id) override {
        return api_.call("GET", of_source(project, id), &parse_source);
    }
    Status delete_source(ProjectId project, SourceId id) override {
        return done(api_.call("DELETE", of_source(project, id)));
    }
    Result<Job> reprocess(ProjectId project, SourceId id, Priority priority) override {
        JsonWriter json;
        json.begin_object().field("priority", to_string(priority)).end_object();
        return api_.call("POST", of_source(project, id) + "/reprocess", &parse_reprocessed, json.text());
    }

    Result<Job> job(JobId id) override { return api_.job(id); }
    Result<JobPage> jobs(const JobFilter& filter) override {
        return api_.call("GET", "/jobs" + query_of(filter), &parse_job_page);
    }
    Status cancel(JobId id) override { return done(api_.call("PUT", of_job(id), R"({"status":"cancelled"})")); }
    Result<Job> retry(JobId id) override { return api_.call("POST", of_job(id) + "/retry", &parse_job); }
    Status remove(JobId id) override { return done(api_.call("DELETE", of_job(id))); }
    Result<BulkReply> bulk(const JobSelection& selection, BulkAction action) override {
        return api_.call("POST", "/jobs/bulk", &parse_bulk_reply, bulk_json(selection, action));
    }
    Result<Job> wait_for(JobId id, milliseconds wait) override;

    Result<QueueStats> queue_stats() override { return api_.call("GET", "/jobs/queue/stats", &parse_queue_stats); }
    Status pause_queue() override { return done(api_.call("POST", "/jobs/queue/pause")); }
    Status resume_queue() override { return done(api_.call("POST", "/jobs/queue/resume")); }

    Status begin_work() override { return {}; }
    void end_work() override {}

    Result<std::vector<Check>> check() override { return api_.check(); }
    TimePoint now() override {
        if (!api_.clock_ahead()) (void)queue_stats();  // any reply tells the server's time
        return system_clock().now() + api_.clock_ahead().value_or(milliseconds{0});
    }

private:
    using SteadyClock = std::chrono::steady_clock;

    // The job that is waited for, and when to ask next.
    struct Poll {
        std::optional<Job> latest;
        SteadyClock::time_point ask_at{};
        milliseconds ask_every{0};
    };

    static Status done(const Result<std::string>& reply) { return reply ? Status() : Status(reply.error()); }

    const ServerAddress server_;
    RemoteApi api_;
    Poll poll_;
};

// Asks at once, then after 100 ms, and then less and less often down to once a second.
Result<Job> RemoteService::wait_for(JobId id, milliseconds wait) {
    constexpr milliseconds ask_every_min{100};
    constexpr milliseconds ask_every_max{1'000};
    if (!poll_.latest || poll_.latest->id != id) poll_ = {};
    const auto left = poll_.ask_at - SteadyClock::now();
    if (poll_.latest && wait > wait.zero() && left > left.zero()) {
        std::this_thread::sleep_for(std::min<SteadyClock::duration>(wait, left));
        if (SteadyClock::now() < poll_.ask_at) return *poll_.latest;
    }
    ARCHAEO_ASSIGN(auto job, api_.job(id));
    poll_.ask_every = std::clamp(2 * poll_.ask_every, ask_every_min, ask_every_max);
    poll_.ask_at = SteadyClock::now() + poll_.ask_every;
    poll_.latest = job;
    return job;
}

}  // namespace

std::unique_ptr<Service> make_remote_service(ServerAddress server) {
    return std::make_unique<RemoteService>(std::move(server));
}

}  // namespace archaeologist::cli
