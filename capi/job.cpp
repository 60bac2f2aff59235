#include "archaeologist/job.hpp"

#include "engine_state.hpp"
#include "source.hpp"

using namespace archaeologist;        // NOLINT(google-build-using-namespace)
using namespace archaeologist::capi;  // NOLINT(google-build-using-namespace)

namespace {

// Nothing of 0.
Result<std::optional<JobStatus>> job_status(std::string_view name, int32_t given) {
    if (given == 0) return std::optional<JobStatus>();
    if (given < ARCHAEO_JOB_PENDING || given > ARCHAEO_JOB_CANCELLED) {
        return bad_number(name, given, "must be an ARCHAEO_JOB_..., or 0");
    }
    return std::optional(static_cast<JobStatus>(given - 1));
}

Result<JobFilter> job_filter(const archaeo_job_filter* given) {
    ARCHAEO_ASSIGN(const auto known, options("filter", given));
    JobFilter filter;
    ARCHAEO_ASSIGN(filter.status, job_status("filter.status", known.status));
    ARCHAEO_ASSIGN(filter.job_type, text_or("filter.job_type", known.job_type, ""));
    if (known.project_id != 0) filter.project_id = ProjectId{known.project_id};
    return filter;
}

Result<JobSelection> selection_of(const archaeo_job_selection* given) {
    constexpr std::size_t ids_max = 10'000;
    ARCHAEO_TRY(require_pointer("selection", given));
    ARCHAEO_ASSIGN(const auto known, options("selection", given));
    JobSelection selection;
    ARCHAEO_ASSIGN(const auto ids, texts("selection.job_ids", known.job_ids, known.job_id_count, ids_max));
    for (const std::string& id : ids) {
        ARCHAEO_ASSIGN(const JobId known_id, job_id("selection.job_ids", id.c_str()));
        selection.ids.push_back(known_id);
    }
    ARCHAEO_ASSIGN(selection.status, job_status("selection.status", known.status));
    ARCHAEO_ASSIGN(selection.job_type, text_or("selection.job_type", known.job_type, ""));
    if (known.project_id != 0) selection.project_id = ProjectId{known.project_id};
    return selection;
}

Result<BulkAction> bulk_action(int32_t given) {
    if (given >= ARCHAEO_BULK_CANCEL && given <= ARCHAEO_BULK_SET_PRIORITY) return static_cast<BulkAction>(given - 1);
    return bad_number("action", given, "must be an ARCHAEO_BULK_...");
}

Result<Job> wait_for(const Call& call, JobId id, const Deadline& deadline, std::uint64_t interrupts) {
    for (;;) {
        const auto left = deadline.left();
        ARCHAEO_ASSIGN(auto job, call->queue().wait_for(id, left));
        ARCHAEO_ASSIGN(const bool interrupted, call.must_return(interrupts));
        if (job.is_finished() || interrupted || deadline.left().count() == 0) return job;
    }
}

std::int64_t ms_of(const std::optional<TimePoint>& at) { return at ? to_ms(*at) : 0; }

}  // namespace

extern "C" {

int32_t archaeo_job_get(archaeo_engine* engine, const char* job_id, archaeo_job** job_out, archaeo_error** error_out) {
    clear(job_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_TRY(require_pointer("job_out", job_out));
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(const JobId id, capi::job_id("job_id", job_id));
        ARCHAEO_ASSIGN(auto job, call->job(id));
        *job_out = make_handle<archaeo_job>(std::move(job), call->clock().now());
        return {};
    });
}

int32_t archaeo_job_list(archaeo_engine* engine, const archaeo_job_filter* filter, int64_t page, archaeo_job** jobs_out,
                         size_t capacity, size_t* count_out, int64_t* total_out, archaeo_error** error_out) {
    clear(count_out);
    clear(total_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_TRY(require_pointer("count_out", count_out));
        ARCHAEO_TRY(require_pointer("jobs_out", jobs_out));
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(auto known, job_filter(filter));
        known.page = page;
        ARCHAEO_ASSIGN(known.per_page, page_size(capacity));
        ARCHAEO_ASSIGN(auto found, call->jobs(known));
        HandleList<archaeo_job> handles;
        const TimePoint now = call->clock().now();
        for (auto& job : found.jobs) handles.add(std::move(job), now);
        give(total_out, found.total);
        *count_out = handles.give_all(jobs_out);
        return {};
    });
}

int32_t archaeo_job_wait(archaeo_engine* engine, const char* job_id, int64_t timeout_ms, archaeo_job** job_out,
                         archaeo_error** error_out) {
    clear(job_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_TRY(require_pointer("job_out", job_out));
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        const std::uint64_t interrupts = call.interrupts();
        ARCHAEO_ASSIGN(const JobId id, capi::job_id("job_id", job_id));
        ARCHAEO_ASSIGN(const auto deadline, Deadline::in(timeout_ms));
        ARCHAEO_ASSIGN(auto job, wait_for(call, id, deadline, interrupts));
        *job_out = make_handle<archaeo_job>(std::move(job), call->clock().now());
        return {};
    });
}

int32_t archaeo_job_cancel(archaeo_engine* engine, const char* job_id, archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(const JobId id, capi::job_id("job_id", job_id));
        return call->cancel(id);
    });
}

int32_t archaeo_job_retry(archaeo_engine* engine, const char* job_id, archaeo_job** job_out,
                          archaeo_error** error_out) {
    clear(job_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(const JobId id, capi::job_id("job_id", job_id));
        ARCHAEO_ASSIGN(auto job, call->retry(id));
        if (job_out != nullptr) *job_out = make_handle<archaeo_job>(std::move(job), call->clock().now());
        return {};
    });
}

int32_t archaeo_job_delete(archaeo_engine* engine, const char* job_id, archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(const JobId id, capi::job_id("job_id", job_id));
        return call->queue().remove(id);
    });
}

int32_t archaeo_job_bulk(archaeo_engine* engine, const archaeo_job_selection* selection, int32_t action,
                         int32_t priority, int64_t* changed_out, int64_t* refused_out, archaeo_error** error_out) {
    clear(changed_out);
    clear(refused_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(const auto known, selection_of(selection));
        ARCHAEO_ASSIGN(const BulkAction known_action, bulk_action(action));
        ARCHAEO_ASSIGN(const Priority known_priority, capi::priority(priority));
        ARCHAEO_ASSIGN(const BulkReply reply, call->queue().bulk(known, known_action, known_priority));
        give(changed_out, reply.changed);
        give(refused_out, reply.refused);
        return {};
    });
}

int32_t archaeo_job_set_priority(archaeo_engine* engine, const char* job_id, int32_t priority,
                                 archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(const JobId id, capi::job_id("job_id", job_id));
        ARCHAEO_ASSIGN(const Priority known, capi::priority(priority));
        return call->queue().set_priority(id, known);
    });
}

int32_t archaeo_job_stats(archaeo_engine* engine, int64_t user_id, archaeo_buffer** stats_out,
                          archaeo_error** error_out) {
    clear(stats_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_TRY(require_pointer("stats_out", stats_out));
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        std::optional<UserId> user;
        if (user_id != 0) user = UserId{user_id};
        ARCHAEO_ASSIGN(const auto stats, call->job_stats(user));
        *stats_out = make_handle<archaeo_buffer>(to_json(stats));
        return {};
    });
}

archaeo_str archaeo_job_id(const archaeo_job* job) {
    return text_of(job, [](const archaeo_job& one) -> const std::string& { return one.id; });
}

archaeo_str archaeo_job_type(const archaeo_job* job) {
    return text_of(job, [](const archaeo_job& one) -> const std::string& { return one.job.job_type; });
}

int32_t archaeo_job_status(const archaeo_job* job) {
    return number_of(job, [](const archaeo_job& one) { return static_cast<int32_t>(one.job.status) + 1; });
}

int32_t archaeo_job_is_finished(const archaeo_job* job) {
    return number_of(job, [](const archaeo_job& one) { return one.job.is_finished() ? 1 : 0; });
}

int32_t archaeo_job_priority(const archaeo_job* job) {
    return number_of(job, [](const archaeo_job& one) { return to_c(one.job.priority); });
}

int64_t archaeo_job_project_id(const archaeo_job* job) {
    return number_of(job, [](const archaeo_job& one) { return to_integer(one.job.project_id); });
}

int64_t archaeo_job_source_id(const archaeo_job* job) {
    return number_of(job, [](const archaeo_job& one) { return to_integer(one.job.source_id.value_or(SourceId{0})); });
}

archaeo_str archaeo_job_data(const archaeo_job* job) {
    return text_of(job, [](const archaeo_job& one) -> const std::string& { return one.job.job_data; });
}

archaeo_str archaeo_job_result(const archaeo_job* job) {
    return text_of(job, [](const archaeo_job& one) -> const std::string& { return one.job.result_data; });
}

archaeo_str archaeo_job_error_message(const archaeo_job* job) {
    return text_of(job, [](const archaeo_job& one) -> const std::string& { return one.job.error_message; });
}

int64_t archaeo_job_created_at_ms(const archaeo_job* job) {
    return number_of(job, [](const archaeo_job& one) { return to_ms(one.job.created_at); });
}

int64_t archaeo_job_finished_at_ms(const archaeo_job* job) {
    return number_of(job, [](const archaeo_job& one) { return ms_of(one.job.completed_at); });
}

int64_t archaeo_job_progress_current(const archaeo_job* job) {
    return number_of(job, [](const archaeo_job& one) { return one.job.progress_current; });
}

int64_t archaeo_job_progress_total(const archaeo_job* job) {
    return number_of(job, [](const archaeo_job& one) { return one.job.progress_total; });
}

archaeo_str archaeo_job_progress_message(const archaeo_job* job) {
    return text_of(job, [](const archaeo_job& one) -> const std::string& { return one.job.progress_message; });
}

archaeo_str archaeo_job_worker_id(const archaeo_job* job) {
    return text_of(job, [](const archaeo_job& one) -> const std::string& { return one.job.worker_id; });
}

int32_t archaeo_job_retry_count(const archaeo_job* job) {
    return number_of(job, [](const archaeo_job& one) { return static_cast<int32_t>(one.job.retry_count); });
}

archaeo_str archaeo_job_json(const archaeo_job* job) {
    return text_of(job, [](const archaeo_job& one) -> const std::string& { return one.json; });
}

void archaeo_job_free(archaeo_job* job) { free_handle(job); }

}  // extern "C"
