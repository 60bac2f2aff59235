// What steers the queue: pause, order, limits, periodic jobs; and what it tells of itself.
#include "archaeologist/json.hpp"
#include "archaeologist/queue.hpp"
#include "arguments.hpp"
#include "engine_state.hpp"
#include "guard.hpp"
#include "new_job.hpp"

using namespace archaeologist;        // NOLINT(google-build-using-namespace)
using namespace archaeologist::capi;  // NOLINT(google-build-using-namespace)

namespace {

Result<ConcurrencyLimit> limit_of(std::int64_t project_id, const char* job_type, std::int64_t running_max) {
    ConcurrencyLimit limit;
    if (project_id != 0) limit.project_id = ProjectId{project_id};
    ARCHAEO_ASSIGN(limit.job_type, text_or("job_type", job_type, ""));
    limit.running_max = running_max;
    return limit;
}

Result<QueueOrder> order_of(const archaeo_queue_order* given) {
    ARCHAEO_ASSIGN(const auto known, options("order", given));
    QueueOrder order;
    if (known.strict != 0) order.head_starts = HeadStarts::strict();
    if (known.share_ms != 0) order.share = Milliseconds(known.share_ms == ARCHAEO_NONE ? 0 : known.share_ms);
    return order;
}

template <class Each>
std::string to_json(const std::vector<Each>& all) {
    JsonWriter json;
    json.begin_array();
    for (const Each& one : all) json.raw(archaeologist::to_json(one));
    json.end_array();
    return std::move(json).text();
}

// A call whose answer is JSON; `ask` gives what to_json takes.
template <class Ask>
int32_t give_json(archaeo_engine* engine, std::string_view name, archaeo_buffer** out, archaeo_error** error_out,
                  Ask&& ask) {
    clear(out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_TRY(require_pointer(name, out));
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(const auto answer, ask(call));
        *out = make_handle<archaeo_buffer>(to_json(answer));
        return {};
    });
}

}  // namespace

extern "C" {

int32_t archaeo_queue_pause(archaeo_engine* engine, archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        return call->queue().pause();
    });
}

int32_t archaeo_queue_resume(archaeo_engine* engine, archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        return call->queue().resume();
    });
}

int32_t archaeo_queue_stats(archaeo_engine* engine, archaeo_buffer** stats_out, archaeo_error** error_out) {
    return give_json(engine, "stats_out", stats_out, error_out, [](const Call& call) { return call->queue().stats(); });
}

int32_t archaeo_queue_history(archaeo_engine* engine, int64_t window_ms, archaeo_buffer** minutes_out,
                              archaeo_error** error_out) {
    return give_json(
        engine, "minutes_out", minutes_out, error_out, [&](const Call& call) -> Result<std::vector<QueueMinute>> {
            if (window_ms == 0) return bad_number("window_ms", window_ms, "must be 60000 to 604800000");
            ARCHAEO_ASSIGN(const auto window, whole<std::chrono::minutes>("window_ms", window_ms, week_ms, {}));
            return call->queue_history(window);
        });
}

int32_t archaeo_queue_workers(archaeo_engine* engine, archaeo_buffer** workers_out, archaeo_error** error_out) {
    return give_json(engine, "workers_out", workers_out, error_out, [](const Call& call) { return call->workers(); });
}

int32_t archaeo_queue_set_order(archaeo_engine* engine, const archaeo_queue_order* order, archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(const auto known, order_of(order));
        return call->queue().set_order(known);
    });
}

int32_t archaeo_queue_set_limit(archaeo_engine* engine, int64_t project_id, const char* job_type, int64_t running_max,
                                archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(const auto limit, limit_of(project_id, job_type, running_max));
        return call->queue().set_limit(limit);
    });
}

int32_t archaeo_queue_remove_limit(archaeo_engine* engine, int64_t project_id, const char* job_type,
                                   archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(const auto limit, limit_of(project_id, job_type, 0));
        return call->queue().remove_limit(limit);
    });
}

int32_t archaeo_queue_settings(archaeo_engine* engine, archaeo_buffer** settings_out, archaeo_error** error_out) {
    return give_json(engine, "settings_out", settings_out, error_out,
                     [](const Call& call) { return call->queue().settings(); });
}

int32_t archaeo_periodic_set(archaeo_engine* engine, const char* name, const char* cron, const archaeo_new_job* job,
                             archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        PeriodicJob periodic;
        ARCHAEO_ASSIGN(periodic.name, text("name", name));
        ARCHAEO_ASSIGN(periodic.cron, text("cron", cron));
        ARCHAEO_TRY(require_pointer("job", job));
        ARCHAEO_ASSIGN(const auto known, options("job", job));
        ARCHAEO_ASSIGN(periodic.job, new_job(known));
        return call->queue().set_periodic(periodic);
    });
}

int32_t archaeo_periodic_remove(archaeo_engine* engine, const char* name, archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(const std::string known, text("name", name));
        return call->queue().remove_periodic(known);
    });
}

int32_t archaeo_periodic_list(archaeo_engine* engine, archaeo_buffer** periodic_out, archaeo_error** error_out) {
    return give_json(engine, "periodic_out", periodic_out, error_out,
                     [](const Call& call) { return call->queue().periodic(); });
}

}  // extern "C"
