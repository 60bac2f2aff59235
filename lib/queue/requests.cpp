#include "queue/requests.hpp"

#include <algorithm>

#include "base/sha256.hpp"
#include "base/utf8.hpp"
#include "job/cron.hpp"
#include "job/validate.hpp"

namespace archaeologist {
namespace {

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

Status validate_name(std::string_view thing, std::string_view name, std::size_t bytes_max) {
    const bool is_plain =
        std::none_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    if (!name.empty() && name.size() <= bytes_max && is_plain && is_valid_utf8(name)) return {};
    return invalid(std::string(thing) + " is " + quoted(name) + ", must have 1 to " + std::to_string(bytes_max) +
                   " bytes of UTF-8 without control characters");
}

// One that the fields of a job cannot run into.
void update(Sha256& hash, std::string_view field) {
    hash.update(std::to_string(field.size()) + ':');
    hash.update(field);
}

void update(Sha256& hash, const std::optional<JobId>& id) { update(hash, id ? id->view() : std::string_view()); }

}  // namespace

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

Error not_finished(JobId id, State state) {
    return {Code::conflict,
            "job " + id.text() + ": status is " + std::string(to_string(visible(state))) + ", must be finished"};
}

Error has_unfinished_children(JobId id) {
    return {Code::conflict, "job " + id.text() + ": some of its children are unfinished, must be finished"};
}

Error already_started(JobId id, State state) {
    return {Code::conflict, "job " + id.text() + ": status is " + std::string(to_string(visible(state))) +
                                ", its priority can be set until it runs"};
}

Error key_of_other_jobs(const IdempotencyKey& key) {
    return invalid("idempotency key " + quoted(key.key) + " came with other jobs before; use a new key for new work");
}

Error key_of_other_files(const IdempotencyKey& key) {
    return invalid("idempotency key " + quoted(key.key) + " came with other files before; use a new key for new files");
}

Error has_unfinished_jobs() {
    return {Code::conflict,
            "queue: the order is changed only while no job is unfinished, because scores are computed on "
            "arrival; wait or cancel first"};
}

Error no_such_limit(const ConcurrencyLimit& limit) {
    return {Code::not_found,
            limit.project_id ? "limit of project " + std::to_string(to_integer(*limit.project_id)) + ": there is none"
                             : "limit of job type " + quoted(limit.job_type) + ": there is none"};
}

Error no_such_periodic(std::string_view name) {
    return {Code::not_found, "periodic job " + quoted(name) + ": there is none"};
}

Error too_many(std::string_view things, std::size_t count_max) {
    return invalid(std::string(things) + ": there are " + std::to_string(count_max) + " already, which is the most");
}

Error worker_id_in_use(std::string_view worker_id) {
    return {Code::conflict, "worker_id " + quoted(worker_id) +
                                " is that of a worker that lives, must be unique; stop that one or choose another id"};
}

Status validate(const QueueOrder& order) {
    if (order.share < order.share.zero() || order.share > QueueLimits::share_max) {
        return invalid("queue: share is " + std::to_string(order.share.count()) + " ms, must be 0 to " +
                       std::to_string(QueueLimits::share_max.count()));
    }
    const HeadStarts most = HeadStarts::strict();
    for (std::size_t i = 0; i < 4; ++i) {
        const auto priority = static_cast<Priority>(i);
        const auto head_start = order.head_starts.of(priority);
        if (head_start <= most.urgent && head_start >= -most.urgent) continue;
        return invalid("queue: head start of " + std::string(to_string(priority)) + " is " +
                       std::to_string(head_start.count()) + " ms, must be at most " +
                       std::to_string(most.urgent.count()) + " either way");
    }
    return {};
}

Status validate(const ConcurrencyLimit& limit) {
    if (limit.project_id.has_value() != limit.job_type.empty()) {
        return invalid("limit: must name either a project_id or a job_type");
    }
    if (!limit.project_id) ARCHAEO_TRY(validate_job_type(limit.job_type));
    if (limit.running_max >= 0 && limit.running_max <= QueueLimits::running_max) return {};
    return invalid("limit: running_max is " + std::to_string(limit.running_max) + ", must be 0 to " +
                   std::to_string(QueueLimits::running_max));
}

Status validate(const PeriodicJob& periodic) {
    ARCHAEO_TRY(validate_name("periodic job: name", periodic.name, QueueLimits::name_bytes_max));
    ARCHAEO_TRY(CronSchedule::parse(periodic.cron));
    const NewJob& job = periodic.job;
    if (!job.id.is_nil() || job.parent_id || job.retry_of || job.scheduled_at) {
        return invalid("periodic job " + quoted(periodic.name) +
                       ": its job has an id, parent_id, retry_of or scheduled_at, must have none");
    }
    return validate(job);
}

Status validate(const JobSelection& selection) {
    ARCHAEO_TRY(validate_count("bulk: ids", selection.ids.size(), QueueLimits::selection_ids_max));
    if (!selection.ids.empty() || selection.status || !selection.job_type.empty() || selection.project_id) return {};
    return invalid("bulk: the selection is empty, must name ids, a status, a job_type or a project");
}

Status validate(const IdempotencyKey& key) {
    if (key.route.size() > QueueLimits::name_bytes_max) {
        return invalid("idempotency key: route has " + std::to_string(key.route.size()) + " bytes, may have " +
                       std::to_string(QueueLimits::name_bytes_max));
    }
    return validate_name("idempotency key", key.key, QueueLimits::key_bytes_max);
}

std::string fingerprint(std::span<const NewJob> jobs) {
    Sha256 hash;
    for (const NewJob& job : jobs) {
        update(hash, job.id.view());
        update(hash, job.job_type);
        update(hash, to_string(job.priority));
        update(hash, std::to_string(to_integer(job.project_id)));
        update(hash, std::to_string(to_integer(job.user_id)));
        update(hash, job.source_id ? std::to_string(to_integer(*job.source_id)) : std::string());
        update(hash, job.parent_id);
        update(hash, job.retry_of);
        update(hash, job.job_data);
        update(hash, std::to_string(job.max_retries));
        update(hash, std::to_string(job.timeout.count()));
        update(hash, job.scheduled_at ? std::to_string(to_ms(*job.scheduled_at)) : std::string());
    }
    return hash.finish().hex();
}

}  // namespace archaeologist
