#include "queue/settle.hpp"

#include <algorithm>
#include <type_traits>

#include "archaeologist/json.hpp"
#include "job/retry.hpp"
#include "job/validate.hpp"

namespace archaeologist {
namespace {

Decision decision(const Running& job, JobEvent event, std::string_view attempt_outcome, std::string_view message) {
    return {.state = next(State::running, event).value_or(State::failed),
            .run_at = std::nullopt,
            .retry_count = job.retry_count,
            .crash_count = job.crash_count,
            .error_message = std::string(cut_text(message, JobLimits::error_bytes_max)),
            .attempt_outcome = attempt_outcome};
}

// A failure that may be tried again, if retries are left.
Decision retry_or_fail(const Running& job, std::string_view message, TimePoint now, const QueueOptions& options,
                       Rng& rng) {
    const RetryPolicy policy{.max_retries = job.max_retries, .base = options.backoff_base, .cap = options.backoff_cap};
    const auto again_at = policy.next_attempt(job.retry_count, now, rng);
    if (!again_at) return decision(job, JobEvent::failed, "failed", message);
    Decision retry = decision(job, JobEvent::retried, "retried", message);
    retry.run_at = again_at;
    ++retry.retry_count;
    return retry;
}

Decision delay(const Running& job, const Delayed& delayed, TimePoint now) {
    Decision later = decision(job, JobEvent::delayed, "delayed", delayed.message);
    later.run_at = now + std::clamp(delayed.wait, std::chrono::milliseconds{0}, QueueLimits::delay_max);
    return later;
}

}  // namespace

Decision decide(const Running& job, const Outcome& outcome, TimePoint now, const QueueOptions& options, Rng& rng) {
    return std::visit(
        [&](const auto& how) -> Decision {
            using How = std::decay_t<decltype(how)>;
            if constexpr (std::is_same_v<How, Completed>) {
                return decision(job, JobEvent::completed, "completed", "");
            } else if constexpr (std::is_same_v<How, Failed>) {
                if (how.permanent) return decision(job, JobEvent::failed, "failed", how.message);
                return retry_or_fail(job, how.message, now, options, rng);
            } else if constexpr (std::is_same_v<How, Released>) {
                return decision(job, JobEvent::released, "released", "");
            } else if constexpr (std::is_same_v<How, Delayed>) {
                return delay(job, how, now);
            } else {
                static_assert(std::is_same_v<How, Expanded>);
                return decision(job, JobEvent::expanded, "expanded", "");
            }
        },
        outcome);
}

Expiry expiry_of(TimePoint lease_until, TimePoint deadline) {
    return lease_until < deadline ? Expiry::lease : Expiry::deadline;
}

Decision on_lease_expired(const Running& job, Expiry expiry, std::string_view worker_id, std::chrono::seconds timeout,
                          TimePoint now, const QueueOptions& options, Rng& rng) {
    if (expiry == Expiry::deadline) {
        Decision late =
            retry_or_fail(job, "timed out after " + std::to_string(timeout.count()) + " s", now, options, rng);
        late.attempt_outcome = "timed_out";
        return late;
    }
    const int crashes = job.crash_count + 1;
    const bool used_up = crashes >= QueueLimits::crashes_max;
    const std::string message = "worker " + quoted(worker_id) +
                                (expiry == Expiry::death ? " died" : " died or hung: its lease expired") + " (crash " +
                                std::to_string(crashes) + " of " + std::to_string(QueueLimits::crashes_max) +
                                (used_up ? ", this time with the job running alone, so it is not tried again)" : ")");
    Decision crashed = decision(job, used_up ? JobEvent::failed : JobEvent::lease_expired, "lease_expired", message);
    crashed.crash_count = crashes;
    return crashed;
}

TimePoint lease_end(TimePoint now, TimePoint deadline, const QueueOptions& options) {
    return std::min(now + options.lease, deadline);
}

std::optional<std::chrono::milliseconds> kept_for(const Retention& retention, State state) {
    std::chrono::milliseconds kept{0};
    if (state == State::completed) kept = retention.completed;
    if (state == State::failed) kept = retention.failed;
    if (state == State::cancelled) kept = retention.cancelled;
    return kept > kept.zero() ? std::optional(kept) : std::nullopt;
}

std::string to_json(const ChildCounts& counts) {
    JsonWriter json;
    json.begin_object().field("children", counts.children).field("completed", counts.completed);
    json.field("failed", counts.failed).field("cancelled", counts.cancelled).end_object();
    return std::move(json).text();
}

std::string to_json(const QueueStats& stats) {
    JsonWriter json;
    json.begin_object().field("queued", stats.queued).field("scheduled", stats.scheduled);
    json.field("running", stats.running).field("completed", stats.completed).field("failed", stats.failed);
    json.field("cancelled", stats.cancelled).field("pending", stats.pending);
    json.field("total", stats.queued + stats.scheduled + stats.running + stats.completed + stats.failed +
                            stats.cancelled + stats.pending);
    json.key("by_priority").begin_object();
    for (std::size_t i = 0; i < stats.by_priority.size(); ++i) {
        json.field(to_string(static_cast<Priority>(i)), stats.by_priority[i]);
    }
    json.end_object().field("oldest_queued_seconds", stats.oldest_queued_seconds);
    json.field("workers", stats.workers).field("paused", stats.paused);
    json.field("degraded", stats.degraded).field("outbox_depth", stats.outbox_depth).end_object();
    return std::move(json).text();
}

std::string to_json(const QueueSettings& settings) {
    JsonWriter json;
    json.begin_object().field("paused", settings.paused);
    json.field("strict", settings.order.head_starts == HeadStarts::strict());
    json.key("head_starts_ms").begin_object();
    for (const auto priority : {Priority::low, Priority::normal, Priority::high, Priority::urgent}) {
        json.field(to_string(priority), settings.order.head_starts.of(priority).count());
    }
    json.end_object().field("share_ms", settings.order.share.count()).key("limits").begin_array();
    for (const ConcurrencyLimit& limit : settings.limits) {
        json.begin_object();
        if (limit.project_id) json.field("project_id", to_integer(*limit.project_id));
        if (!limit.project_id) json.field("job_type", limit.job_type);
        json.field("running_max", limit.running_max).end_object();
    }
    json.end_array().end_object();
    return std::move(json).text();
}

std::string to_json(const PeriodicJob& periodic) {
    JsonWriter json;
    json.begin_object().field("name", periodic.name).field("cron", periodic.cron).key("next_at");
    periodic.next_at ? json.value(to_rfc3339(*periodic.next_at)) : json.null();
    json.field("job_type", periodic.job.job_type).field("priority", to_string(periodic.job.priority));
    json.field("project_id", to_integer(periodic.job.project_id)).key("job_data").raw(periodic.job.job_data);
    json.field("max_retries", periodic.job.max_retries).field("timeout_seconds", periodic.job.timeout.count());
    json.end_object();
    return std::move(json).text();
}

std::string to_json(const BulkReply& reply) {
    JsonWriter json;
    json.begin_object().field("changed", reply.changed).field("refused", reply.refused).end_object();
    return std::move(json).text();
}

}  // namespace archaeologist
