#include "lease.hpp"

#include "arguments.hpp"

using namespace archaeologist;        // NOLINT(google-build-using-namespace)
using namespace archaeologist::capi;  // NOLINT(google-build-using-namespace)

namespace {

Status check_open(const archaeo_lease& lease) {
    if (!lease.is_settled) return {};
    return Error{Code::conflict, "job " + lease.job_id + ": this lease is settled already"};
}

Status settle(archaeo_lease* lease, Outcome outcome) {
    ARCHAEO_ASSIGN(const auto handle, require(lease, "lease"));
    ARCHAEO_ASSIGN(const Call call, Call::enter(handle->state));
    const std::lock_guard lock(handle->mutex);
    ARCHAEO_TRY(check_open(*handle));
    ARCHAEO_TRY(call->queue().settle(settlement_of(handle->lease, std::move(outcome))));
    handle->is_settled = true;
    return {};
}

// Of a longer message as much as is kept is taken.
Result<std::string> message_of(const char* given, std::size_t bytes_kept) {
    constexpr std::size_t message_bytes_max = 1 << 20;
    ARCHAEO_ASSIGN(auto message, text_or("message", given, "", message_bytes_max));
    message.resize(std::min(message.size(), bytes_kept + 4));  // the library cuts at a character
    return message;
}

Status beat(archaeo_lease& lease, const Call& call) {
    ARCHAEO_TRY(check_open(lease));
    ARCHAEO_ASSIGN(const auto reply, call->queue().heartbeat(lease.lease.worker_id, {&lease.progress, 1}));
    if (!reply.lost.empty()) {
        return Error{Code::lease_lost, "job " + lease.job_id + ": the lease is lost, stop and drop what you did"};
    }
    if (!reply.cancelled.empty()) return Error{Code::cancelled, "job " + lease.job_id + " was cancelled, stop"};
    return {};
}

}  // namespace

extern "C" {

archaeo_str archaeo_lease_job_id(const archaeo_lease* lease) {
    return text_of(lease, [](const archaeo_lease& one) -> const std::string& { return one.job_id; });
}

archaeo_str archaeo_lease_job_type(const archaeo_lease* lease) {
    return text_of(lease, [](const archaeo_lease& one) -> const std::string& { return one.lease.job_type; });
}

archaeo_str archaeo_lease_data(const archaeo_lease* lease) {
    return text_of(lease, [](const archaeo_lease& one) -> const std::string& { return one.lease.job_data; });
}

int32_t archaeo_lease_attempt(const archaeo_lease* lease) {
    return number_of(lease, [](const archaeo_lease& one) { return static_cast<int32_t>(one.lease.attempt); });
}

uint64_t archaeo_lease_epoch(const archaeo_lease* lease) {
    return number_of(lease, [](const archaeo_lease& one) { return one.lease.epoch; });
}

int32_t archaeo_lease_priority(const archaeo_lease* lease) {
    return number_of(lease, [](const archaeo_lease& one) { return to_c(one.lease.priority); });
}

int64_t archaeo_lease_project_id(const archaeo_lease* lease) {
    return number_of(lease, [](const archaeo_lease& one) { return to_integer(one.lease.project_id); });
}

int64_t archaeo_lease_source_id(const archaeo_lease* lease) {
    return number_of(lease,
                     [](const archaeo_lease& one) { return to_integer(one.lease.source_id.value_or(SourceId{0})); });
}

int64_t archaeo_lease_until_ms(const archaeo_lease* lease) {
    return number_of(lease, [](const archaeo_lease& one) { return to_ms(one.lease.lease_until); });
}

int64_t archaeo_lease_deadline_ms(const archaeo_lease* lease) {
    return number_of(lease, [](const archaeo_lease& one) { return to_ms(one.lease.deadline); });
}

void archaeo_lease_free(archaeo_lease* lease) { free_handle(lease); }

int32_t archaeo_lease_extend(archaeo_lease* lease, archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const auto handle, require(lease, "lease"));
        ARCHAEO_ASSIGN(const Call call, Call::enter(handle->state));
        const std::lock_guard lock(handle->mutex);
        return beat(*handle, call);
    });
}

int32_t archaeo_lease_progress(archaeo_lease* lease, int64_t current, int64_t total, const char* message,
                               archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status {
        constexpr std::size_t bytes_kept = 1 << 10;
        ARCHAEO_ASSIGN(const auto handle, require(lease, "lease"));
        ARCHAEO_ASSIGN(const Call call, Call::enter(handle->state));
        if (current < 0) return bad_number("current", current, "must be at least 0");
        if (total < 0) return bad_number("total", total, "must be at least 0");
        ARCHAEO_ASSIGN(auto known, message_of(message, bytes_kept));
        const std::lock_guard lock(handle->mutex);
        handle->progress.progress_current = current;
        handle->progress.progress_total = total;
        handle->progress.progress_message = std::move(known);
        return beat(*handle, call);
    });
}

int32_t archaeo_lease_complete(archaeo_lease* lease, const char* result_json, size_t result_size,
                               archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const auto view, bytes("result_json", result_json, result_size, JobLimits::result_bytes_max));
        return settle(lease, Completed{view.empty() ? "{}" : std::string(view)});
    });
}

int32_t archaeo_lease_fail(archaeo_lease* lease, const char* message, int32_t kind, archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status {
        if (kind < 0 || kind > ARCHAEO_FAIL_PERMANENT) {
            return bad_number("kind", kind, "must be an ARCHAEO_FAIL_..., or 0");
        }
        ARCHAEO_ASSIGN(auto known, message_of(message, JobLimits::error_bytes_max));
        return settle(lease, Failed{std::move(known), kind == ARCHAEO_FAIL_PERMANENT});
    });
}

int32_t archaeo_lease_delay(archaeo_lease* lease, const char* message, int64_t wait_ms, archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status {
        constexpr std::int64_t hour_ms = 3'600'000;
        if (wait_ms < 0 || wait_ms > hour_ms) return bad_number("wait_ms", wait_ms, "must be 0 to 3600000");
        ARCHAEO_ASSIGN(auto known, message_of(message, JobLimits::error_bytes_max));
        return settle(lease, Delayed{std::move(known), Milliseconds(wait_ms)});
    });
}

int32_t archaeo_lease_release(archaeo_lease* lease, archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status { return settle(lease, Released{}); });
}

}  // extern "C"
