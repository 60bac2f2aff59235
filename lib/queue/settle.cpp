#include "queue/settle.hpp"

#include <algorithm>
#include <type_traits>

#include "base/json.hpp"
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

Error invalid(std::string message) { return {Code::invalid_argument, std::move(message)}; }

Status validate_job_types(const ClaimRequest& request) {
    if (request.job_types.size() > QueueLimits::job_types_max) {
        return invalid("claim: job_types has " + std::to_string(request.job_types.size()) + " names, may have " +
                       std::to_string(QueueLimits::job_types_max));
    }
    for (const std::string& job_type : request.job_types) ARCHAEO_TRY(validate_job_type(job_type));
    return {};
}

Status validate_claim(const ClaimRequest& request, int limit_min) {
    ARCHAEO_TRY(validate_worker_id(request.worker_id));
    if (request.limit < limit_min || request.limit > QueueLimits::claim_max) {
        return invalid("claim: limit is " + std::to_string(request.limit) + ", must be " + std::to_string(limit_min) +
                       " to " + std::to_string(QueueLimits::claim_max));
    }
    return validate_job_types(request);
}

Status validate_count(std::string_view thing, std::size_t count, std::size_t count_max) {
    if (count <= count_max) return {};
    return invalid(std::string(thing) + " are " + std::to_string(count) + ", may be at most " +
                   std::to_string(count_max));
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
    const std::string message = "worker " + quoted(worker_id) + " died or hung: its lease expired (crash " +
                                std::to_string(crashes) + " of " + std::to_string(QueueLimits::crashes_max) +
                                (used_up ? ", so the job is not tried again)" : ")");
    Decision crashed = decision(job, used_up ? JobEvent::failed : JobEvent::lease_expired, "lease_expired", message);
    crashed.crash_count = crashes;
    return crashed;
}

TimePoint lease_end(TimePoint now, TimePoint deadline, const QueueOptions& options) {
    return std::min(now + options.lease, deadline);
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
    json.end_object().field("oldest_queued_seconds", stats.oldest_queued_seconds).end_object();
    return std::move(json).text();
}

Status validate_worker_id(std::string_view worker_id) {
    if (!worker_id.empty() && worker_id.size() <= QueueLimits::worker_id_bytes_max) return {};
    return invalid("worker_id is " + quoted(worker_id) + " (" + std::to_string(worker_id.size()) +
                   " bytes), must have 1 to " + std::to_string(QueueLimits::worker_id_bytes_max));
}

Status validate(const ClaimRequest& request) { return validate_claim(request, 1); }

Status validate_finish(std::span<const Settlement> settlements, const ClaimRequest& request) {
    ARCHAEO_TRY(validate_count("finish_claim: settlements", settlements.size(), QueueLimits::settlements_max));
    return validate_claim(request, 0);
}

Status validate(const Settlement& settlement) {
    ARCHAEO_TRY(validate_worker_id(settlement.worker_id));
    if (const auto* completed = std::get_if<Completed>(&settlement.outcome)) {
        return validate_json_object("job " + settlement.id.text() + ": result_data", completed->result_data,
                                    JobLimits::result_bytes_max);
    }
    if (const auto* expanded = std::get_if<Expanded>(&settlement.outcome)) {
        ARCHAEO_TRY(validate_count("job " + settlement.id.text() + ": children", expanded->children.size(),
                                   QueueLimits::children_max));
        for (const NewJob& child : expanded->children) ARCHAEO_TRY(validate(child));
    }
    return {};
}

Status validate(std::span<const NewJob> jobs) {
    ARCHAEO_TRY(validate_count("enqueue: jobs", jobs.size(), QueueLimits::enqueue_jobs_max));
    for (const NewJob& job : jobs) ARCHAEO_TRY(validate(job));
    return {};
}

Status validate_beats(std::string_view worker_id, std::span<const Beat> beats) {
    ARCHAEO_TRY(validate_worker_id(worker_id));
    return validate_count("heartbeat: beats", beats.size(), QueueLimits::beats_max);
}

Error lease_lost(const Settlement& settlement) {
    return {Code::lease_lost, "job " + settlement.id.text() + ": worker " + quoted(settlement.worker_id) +
                                  " no longer holds it with epoch " + std::to_string(settlement.epoch)};
}

Error no_such_job(JobId id) { return {Code::not_found, "job " + id.text() + ": there is no such job"}; }

Error already_finished(JobId id, State state) {
    return {Code::conflict,
            "job " + id.text() + ": status is " + std::string(to_string(visible(state))) + ", which is final"};
}

}  // namespace archaeologist
