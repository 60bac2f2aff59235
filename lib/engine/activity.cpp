// What happened and who works: events, counts of jobs, minutes of the queue, workers.
#include "archaeologist/json.hpp"
#include "catalog/catalog.hpp"
#include "catalog/jobs.hpp"
#include "catalog/minutes.hpp"
#include "engine/impl.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t events_max = 1'000;

Status validate_filter(const EventFilter& filter) {
    if (filter.after < 0) {
        return Error{Code::invalid_argument, "after is " + std::to_string(filter.after) + ", must be at least 0"};
    }
    if (filter.limit < 1 || filter.limit > events_max) {
        return Error{Code::invalid_argument,
                     "limit is " + std::to_string(filter.limit) + ", must be 1 to " + std::to_string(events_max)};
    }
    return {};
}

}  // namespace

Result<EventPage> Engine::events(const EventFilter& filter) {
    ARCHAEO_TRY(validate_filter(filter));
    const catalog::EventSelection selection{filter.after, filter.limit, filter.job_id, filter.project_id};
    return impl_->catalog->read([&](sqlite::Connection& tx) -> Result<EventPage> {
        EventPage page;
        ARCHAEO_ASSIGN(page.events, catalog::events(tx, selection));
        ARCHAEO_ASSIGN(const auto bounds, catalog::event_bounds(tx));
        page.oldest_id = bounds.oldest_id;
        page.newest_id = bounds.newest_id;
        return page;
    });
}

Result<JobStats> Engine::job_stats(std::optional<UserId> user) {
    ARCHAEO_ASSIGN(const auto totals,
                   impl_->catalog->read([&](sqlite::Connection& tx) { return catalog::state_totals(tx, user); }));
    JobStats stats;
    for (const auto& [state, jobs] : totals.jobs) {
        stats.total_jobs += jobs;
        switch (state) {
            case State::pending: stats.pending_jobs += jobs; break;
            case State::queued: stats.queued_jobs += jobs; break;
            case State::running:
            case State::waiting: stats.running_jobs += jobs; break;
            case State::completed: stats.completed_jobs += jobs; break;
            case State::failed: stats.failed_jobs += jobs; break;
            case State::cancelled: stats.cancelled_jobs += jobs; break;
        }
    }
    const auto completed = static_cast<double>(stats.completed_jobs);
    if (stats.completed_jobs > 0) stats.avg_duration_seconds = static_cast<double>(totals.run_ms) / 1'000 / completed;
    const std::int64_t judged = stats.completed_jobs + stats.failed_jobs;
    if (judged > 0) stats.success_rate = completed / static_cast<double>(judged);
    return stats;
}

Result<std::vector<QueueMinute>> Engine::queue_history(std::chrono::minutes window) {
    if (window < std::chrono::minutes{1} || window > catalog::minutes_kept) {
        return Error{Code::invalid_argument,
                     "window is " + std::to_string(window.count()) + " minutes, must be 1 minute to 7 days"};
    }
    // The present minute is the last of them.
    const TimePoint from =
        std::chrono::floor<std::chrono::minutes>(impl_->clock.now()) - window + std::chrono::minutes{1};
    ARCHAEO_ASSIGN(const auto counted,
                   impl_->catalog->read([&](sqlite::Connection& tx) { return catalog::minutes(tx, from); }));
    std::vector<QueueMinute> history;
    history.reserve(counted.size());
    for (const auto& [at, counts] : counted) {
        history.push_back({at, counts.queued, counts.completed, counts.failed, counts.cancelled});
    }
    return history;
}

Result<std::vector<WorkerRecord>> Engine::workers() { return impl_->queue->workers(); }

std::string to_json(const JobStats& stats) {
    JsonWriter json;
    json.begin_object()
        .field("total_jobs", stats.total_jobs)
        .field("pending_jobs", stats.pending_jobs)
        .field("queued_jobs", stats.queued_jobs)
        .field("running_jobs", stats.running_jobs)
        .field("completed_jobs", stats.completed_jobs)
        .field("failed_jobs", stats.failed_jobs)
        .field("cancelled_jobs", stats.cancelled_jobs)
        .field("avg_duration_seconds", stats.avg_duration_seconds)
        .field("success_rate", stats.success_rate)
        .end_object();
    return std::move(json).text();
}

std::string to_json(const QueueMinute& minute) {
    JsonWriter json;
    json.begin_object()
        .field("at", to_rfc3339(minute.at))
        .field("queued", minute.queued)
        .field("completed", minute.completed)
        .field("failed", minute.failed)
        .field("cancelled", minute.cancelled)
        .end_object();
    return std::move(json).text();
}

std::string to_json(const WorkerRecord& worker) {
    JsonWriter json;
    json.begin_object().field("worker_id", worker.worker_id);
    if (worker.joined_at) json.field("joined_at", to_rfc3339(*worker.joined_at));
    json.field("running", worker.running).end_object();
    return std::move(json).text();
}

}  // namespace archaeologist
