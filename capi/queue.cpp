#include "archaeologist/queue.hpp"

#include <cstring>

#include "arguments.hpp"
#include "engine_state.hpp"
#include "guard.hpp"
#include "lease.hpp"
#include "new_job.hpp"

using namespace archaeologist;        // NOLINT(google-build-using-namespace)
using namespace archaeologist::capi;  // NOLINT(google-build-using-namespace)

Result<NewJob> capi::new_job(const archaeo_new_job& given) {
    NewJob job;
    ARCHAEO_ASSIGN(job.job_type, text("job_type", given.job_type, 1'024));
    ARCHAEO_ASSIGN(const auto data,
                   bytes("data_json", given.data_json, given.data_size, JobLimits::job_data_bytes_max));
    if (!data.empty()) job.job_data = data;
    if (given.job_id != nullptr) {
        ARCHAEO_ASSIGN(job.id, job_id("job_id", given.job_id));
    }
    job.project_id = ProjectId{given.project_id};
    if (given.user_id != 0) job.user_id = UserId{given.user_id};
    ARCHAEO_ASSIGN(job.priority, priority(given.priority));
    ARCHAEO_ASSIGN(job.max_retries,
                   count_or_none("max_retries", given.max_retries, JobLimits::retries_max, job.max_retries));
    ARCHAEO_ASSIGN(job.timeout, whole("timeout_ms", given.timeout_ms, week_ms, job.timeout));
    if (given.scheduled_at_ms != 0) job.scheduled_at = from_ms(given.scheduled_at_ms);
    return job;
}

namespace {

constexpr std::size_t enqueue_jobs_max = 10'000;
constexpr std::size_t claim_max = 256;
constexpr std::size_t job_types_max = 64;

Result<std::vector<NewJob>> new_jobs(const archaeo_new_job* given, std::size_t count) {
    ARCHAEO_ASSIGN(const auto all, options_array("jobs", given, count, enqueue_jobs_max));
    std::vector<NewJob> jobs;
    jobs.reserve(all.size());
    for (const auto& one : all) {
        auto job = new_job(one);
        if (!job) {
            return Error{job.error().code, "jobs[" + std::to_string(jobs.size()) + "]: " + job.error().message};
        }
        jobs.push_back(std::move(*job));
    }
    return jobs;
}

Result<std::vector<JobId>> enqueue(Queue& queue, std::span<const NewJob> jobs, const char* idempotency_key) {
    if (idempotency_key == nullptr) return queue.enqueue(jobs);
    IdempotencyKey key;
    key.route = "archaeo_queue_enqueue";
    ARCHAEO_ASSIGN(key.key, text("idempotency_key", idempotency_key));
    return queue.enqueue_once(key, jobs);
}

Result<std::vector<Lease>> claim(const Call& call, const ClaimRequest& request, const Deadline& deadline,
                                 std::uint64_t interrupts) {
    // Its own waiting is interrupted also by a worker that drains, which is not meant for this call.
    for (;;) {
        const auto left = deadline.left();
        ARCHAEO_ASSIGN(auto leases, call->queue().claim(request, left));
        if (!leases.empty() || left.count() == 0) return leases;
        ARCHAEO_ASSIGN(const bool interrupted, call.must_return(interrupts));
        if (interrupted) return leases;
    }
}

void give_ids(const std::vector<JobId>& ids, archaeo_id* ids_out) {
    if (ids_out == nullptr) return;
    for (const JobId& id : ids) {
        const std::string text = id.text();
        std::memcpy(ids_out++->text, text.c_str(), sizeof ids_out->text);
    }
}

}  // namespace

extern "C" {

int32_t archaeo_queue_enqueue(archaeo_engine* engine, const archaeo_new_job* jobs, size_t job_count,
                              const char* idempotency_key, archaeo_id* ids_out, archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(const auto known, new_jobs(jobs, job_count));
        ARCHAEO_ASSIGN(const auto ids, enqueue(call->queue(), known, idempotency_key));
        give_ids(ids, ids_out);
        return {};
    });
}

int32_t archaeo_queue_claim(archaeo_engine* engine, const char* worker_id, const char* const* job_types,
                            size_t job_type_count, int64_t timeout_ms, archaeo_lease** leases_out, size_t capacity,
                            size_t* count_out, archaeo_error** error_out) {
    clear(count_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_TRY(require_pointer("count_out", count_out));
        ARCHAEO_TRY(require_pointer("leases_out", leases_out));
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        const std::uint64_t interrupts = call.interrupts();
        ClaimRequest request;
        ARCHAEO_ASSIGN(request.worker_id, text("worker_id", worker_id));
        ARCHAEO_ASSIGN(request.job_types, texts("job_types", job_types, job_type_count, job_types_max));
        if (capacity < 1 || capacity > claim_max) {
            return Error{Code::invalid_argument,
                         "capacity is " + std::to_string(capacity) + ", must be 1 to " + std::to_string(claim_max)};
        }
        request.limit = static_cast<int>(capacity);
        ARCHAEO_ASSIGN(const auto deadline, Deadline::in(timeout_ms));
        ARCHAEO_ASSIGN(auto leases, claim(call, request, deadline, interrupts));
        HandleList<archaeo_lease> handles;
        for (auto& lease : leases) handles.add(call.state(), std::move(lease));
        *count_out = handles.give_all(leases_out);
        return {};
    });
}

int32_t archaeo_queue_join(archaeo_engine* engine, const char* worker_id, archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(const std::string known, text("worker_id", worker_id));
        return call->queue().join(known);
    });
}

int32_t archaeo_queue_leave(archaeo_engine* engine, const char* worker_id, archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(const std::string known, text("worker_id", worker_id));
        call->queue().leave(known);
        return {};
    });
}

int32_t archaeo_queue_wake_fd(archaeo_engine* engine, int* fd_out, archaeo_error** error_out) {
    if (fd_out != nullptr) *fd_out = -1;
    return guard(error_out, [&]() -> Status {
        ARCHAEO_TRY(require_pointer("fd_out", fd_out));
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(*fd_out, call.state()->wake_descriptor());
        return {};
    });
}

int32_t archaeo_queue_wake_clear(archaeo_engine* engine, archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        call.state()->clear_wake();
        return {};
    });
}

}  // extern "C"
