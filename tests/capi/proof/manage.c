/* The queue as a whole: its order, limits, periodic jobs, many jobs at once, and what it tells of itself. */
#include "proof.h"

static void enqueue(archaeo_engine* engine, const char* type, int32_t priority, size_t count, archaeo_id* ids) {
    archaeo_error* error = NULL;
    archaeo_new_job jobs[4];
    size_t i;
    memset(jobs, 0, sizeof jobs);
    for (i = 0; i < count; ++i) {
        jobs[i].struct_size = sizeof jobs[i];
        jobs[i].job_type = type;
        jobs[i].priority = priority;
    }
    CHECK_OK(archaeo_queue_enqueue(engine, jobs, count, NULL, ids, &error));
}

/* How many could be leased; they are handed back. */
static size_t claimable(archaeo_engine* engine, const char* type) {
    archaeo_error* error = NULL;
    archaeo_lease* leases[8];
    size_t count = 0;
    size_t i;
    CHECK_OK(archaeo_queue_claim(engine, "me", &type, 1, 0, leases, 8, &count, &error));
    for (i = 0; i < count; ++i) {
        CHECK_OK(archaeo_lease_release(leases[i], &error));
        archaeo_lease_free(leases[i]);
    }
    return count;
}

static int tells(archaeo_buffer* buffer, const char* part) {
    const int found = strstr(archaeo_buffer_text(buffer).data, part) != NULL;
    if (!found) fprintf(stderr, "%s\n", archaeo_buffer_text(buffer).data);
    archaeo_buffer_free(buffer);
    return found;
}

static void order(archaeo_engine* engine) {
    archaeo_error* error = NULL;
    archaeo_buffer* settings = NULL;
    archaeo_queue_order wanted = {0};
    wanted.struct_size = sizeof wanted;
    wanted.strict = 1;
    wanted.share_ms = ARCHAEO_NONE;
    CHECK_OK(archaeo_queue_set_order(engine, &wanted, &error));
    CHECK_OK(archaeo_queue_settings(engine, &settings, &error));
    CHECK(tells(settings, "\"strict\":true") && archaeo_queue_settings(engine, &settings, NULL) == ARCHAEO_OK);
    CHECK(tells(settings, "\"share_ms\":0"));
    wanted.share_ms = INT64_MAX;
    CHECK_REFUSED("share", archaeo_queue_set_order(engine, &wanted, &error));
    wanted.share_ms = -2;
    CHECK_REFUSED("share is -2", archaeo_queue_set_order(engine, &wanted, &error));
    CHECK_OK(archaeo_queue_set_order(engine, NULL, &error));
    CHECK_OK(archaeo_queue_settings(engine, &settings, &error));
    CHECK(tells(settings, "\"strict\":false,\"head_starts_ms\":{\"low\":-3600000,"));
    enqueue(engine, "waits", 0, 1, NULL);
    CHECK_CODE(ARCHAEO_CONFLICT, "unfinished", archaeo_queue_set_order(engine, NULL, &error));
}

static void limits(archaeo_engine* engine) {
    archaeo_error* error = NULL;
    archaeo_buffer* settings = NULL;
    enqueue(engine, "limited", 0, 4, NULL);
    CHECK(claimable(engine, "limited") == 4);
    CHECK_OK(archaeo_queue_set_limit(engine, 0, "limited", 3, &error));
    CHECK(claimable(engine, "limited") == 3);
    CHECK_OK(archaeo_queue_set_limit(engine, 0, "limited", 0, &error));
    CHECK(claimable(engine, "limited") == 0);
    CHECK_OK(archaeo_queue_settings(engine, &settings, &error));
    CHECK(tells(settings, "[{\"job_type\":\"limited\",\"running_max\":0}]"));
    CHECK_REFUSED("either", archaeo_queue_set_limit(engine, 1, "limited", 1, &error));
    CHECK_REFUSED("running_max is -1", archaeo_queue_set_limit(engine, 1, NULL, -1, &error));
    CHECK_REFUSED("running_max", archaeo_queue_set_limit(engine, 1, NULL, INT64_MAX, &error));
    CHECK_CODE(ARCHAEO_NOT_FOUND, "limit", archaeo_queue_remove_limit(engine, 1, NULL, &error));
    CHECK_OK(archaeo_queue_remove_limit(engine, 0, "limited", &error));
    CHECK(claimable(engine, "limited") == 4);
}

static void periodic(archaeo_engine* engine) {
    archaeo_error* error = NULL;
    archaeo_buffer* list = NULL;
    archaeo_new_job job = {0};
    job.struct_size = sizeof job;
    job.job_type = "report";
    job.data_json = "{\"n\":1}";
    job.data_size = 7;
    CHECK_OK(archaeo_periodic_set(engine, "each night", "30 2 * * *", &job, &error));
    CHECK_OK(archaeo_periodic_list(engine, &list, &error));
    CHECK(tells(list, "[{\"name\":\"each night\",\"cron\":\"30 2 * * *\",\"next_at\":\"2"));
    CHECK_OK(archaeo_periodic_list(engine, &list, &error));
    CHECK(tells(list, "\"job_type\":\"report\",\"priority\":\"normal\",\"project_id\":0,\"job_data\":{\"n\":1}"));
    CHECK_REFUSED("hour is \"99\"", archaeo_periodic_set(engine, "each night", "30 99 * * *", &job, &error));
    job.scheduled_at_ms = 1;
    CHECK_REFUSED("scheduled_at", archaeo_periodic_set(engine, "each night", "@daily", &job, &error));
    CHECK_OK(archaeo_periodic_remove(engine, "each night", &error));
    CHECK_CODE(ARCHAEO_NOT_FOUND, "each night", archaeo_periodic_remove(engine, "each night", &error));
    CHECK_OK(archaeo_periodic_list(engine, &list, &error));
    CHECK(tells(list, "[]"));
}

static void many(archaeo_engine* engine) {
    archaeo_error* error = NULL;
    archaeo_id ids[4];
    const char* some[2];
    archaeo_job* job = NULL;
    archaeo_job_selection selection = {0};
    int64_t changed = -1;
    int64_t refused = -1;
    enqueue(engine, "many", 0, 4, ids);
    selection.struct_size = sizeof selection;
    CHECK_REFUSED("empty", archaeo_job_bulk(engine, &selection, ARCHAEO_BULK_CANCEL, 0, NULL, NULL, &error));
    selection.job_type = "many";
    CHECK_REFUSED("action is 0", archaeo_job_bulk(engine, &selection, 0, 0, NULL, NULL, &error));
    CHECK_REFUSED("action is 5", archaeo_job_bulk(engine, &selection, 5, 0, NULL, NULL, &error));
    CHECK_OK(
        archaeo_job_bulk(engine, &selection, ARCHAEO_BULK_SET_PRIORITY, ARCHAEO_PRIORITY_HIGH, &changed, NULL, &error));
    CHECK(changed == 4);
    some[0] = ids[0].text;
    some[1] = ids[3].text;
    selection.job_ids = some;
    selection.job_id_count = 2;
    CHECK_OK(archaeo_job_bulk(engine, &selection, ARCHAEO_BULK_CANCEL, 0, &changed, &refused, &error));
    CHECK(changed == 2 && refused == 0);
    CHECK_OK(archaeo_job_bulk(engine, &selection, ARCHAEO_BULK_CANCEL, 0, &changed, &refused, &error));
    CHECK(changed == 0 && refused == 2);
    CHECK_OK(archaeo_job_get(engine, ids[1].text, &job, &error));
    CHECK(archaeo_job_status(job) == ARCHAEO_JOB_QUEUED && archaeo_job_priority(job) == ARCHAEO_PRIORITY_HIGH);
    archaeo_job_free(job);
    selection.job_id_count = SIZE_MAX;
    CHECK_REFUSED("10000", archaeo_job_bulk(engine, &selection, ARCHAEO_BULK_DELETE, 0, NULL, NULL, &error));
    selection.job_id_count = 0;
    selection.status = ARCHAEO_JOB_CANCELLED;
    CHECK_OK(archaeo_job_bulk(engine, &selection, ARCHAEO_BULK_DELETE, 0, &changed, NULL, &error));
    CHECK(changed == 2);
    CHECK_CODE(ARCHAEO_NOT_FOUND, "", archaeo_job_get(engine, ids[0].text, &job, &error));
    selection.status = 7;
    CHECK_REFUSED("status is 7", archaeo_job_bulk(engine, &selection, ARCHAEO_BULK_DELETE, 0, NULL, NULL, &error));
    some[0] = "17";
    selection.job_id_count = 1;
    CHECK_REFUSED("must be a UUID", archaeo_job_bulk(engine, &selection, ARCHAEO_BULK_DELETE, 0, NULL, NULL, &error));
}

static void what_it_tells(archaeo_engine* engine) {
    archaeo_error* error = NULL;
    archaeo_buffer* told = NULL;
    CHECK_OK(archaeo_queue_join(engine, "me", &error));
    CHECK_OK(archaeo_queue_workers(engine, &told, &error));
    CHECK(tells(told, "[{\"worker_id\":\"me\","));
    CHECK_OK(archaeo_queue_leave(engine, "me", &error));
    CHECK_OK(archaeo_queue_history(engine, 600000, &told, &error));
    CHECK(tells(told, "\"cancelled\":"));
    CHECK_REFUSED("window_ms is 0", archaeo_queue_history(engine, 0, &told, &error));
    CHECK_REFUSED("window_ms", archaeo_queue_history(engine, INT64_MAX, &told, &error));
    CHECK_REFUSED("multiple of 60000", archaeo_queue_history(engine, 60001, &told, &error));
}

void prove_manage(void) {
    archaeo_engine* engine = open_engine("data");
    order(engine);
    limits(engine);
    periodic(engine);
    many(engine);
    what_it_tells(engine);
    archaeo_engine_close(engine);
}
