/* Jobs of the program's own: accepted once, claimed, told of, settled in every way, cancelled, retried, waited for. */
#include <poll.h>
#include <pthread.h>

#include "proof.h"

static const char* const type = "work";

static archaeo_id enqueue(archaeo_engine* engine, const char* key) {
    archaeo_error* error = NULL;
    archaeo_id id;
    archaeo_new_job job = {0};
    job.struct_size = sizeof job;
    job.job_type = type;
    job.data_json = "{\"n\":1}";
    job.data_size = 7;
    job.max_retries = 1;
    CHECK_OK(archaeo_queue_enqueue(engine, &job, 1, key, &id, &error));
    return id;
}

static archaeo_lease* claim(archaeo_engine* engine, int64_t timeout_ms) {
    archaeo_error* error = NULL;
    archaeo_lease* lease = NULL;
    size_t count = 0;
    CHECK_OK(archaeo_queue_claim(engine, "me", &type, 1, timeout_ms, &lease, 1, &count, &error));
    return count == 1 ? lease : NULL;
}

static archaeo_job* job_of(archaeo_engine* engine, archaeo_id id) {
    archaeo_error* error = NULL;
    archaeo_job* job = NULL;
    CHECK_OK(archaeo_job_get(engine, id.text, &job, &error));
    return job;
}

static void complete(archaeo_engine* engine) {
    archaeo_error* error = NULL;
    archaeo_job* job;
    const archaeo_id id = enqueue(engine, "a key");
    const archaeo_id again = enqueue(engine, "a key");
    archaeo_lease* lease = claim(engine, 0);
    CHECK(strcmp(id.text, again.text) == 0 && claim(engine, 0) == NULL);
    CHECK(is_text(archaeo_lease_job_id(lease), id.text) && is_text(archaeo_lease_data(lease), "{\"n\":1}"));
    CHECK(archaeo_lease_attempt(lease) == 1 && archaeo_lease_epoch(lease) > 0);
    CHECK(archaeo_lease_until_ms(lease) > 0 && archaeo_lease_deadline_ms(lease) > archaeo_lease_until_ms(lease));
    CHECK_OK(archaeo_lease_progress(lease, 1, 4, "a quarter", &error));
    CHECK_OK(archaeo_lease_extend(lease, &error));
    job = job_of(engine, id);
    CHECK(archaeo_job_status(job) == ARCHAEO_JOB_RUNNING && archaeo_job_progress_current(job) == 1);
    CHECK(archaeo_job_progress_total(job) == 4 && is_text(archaeo_job_progress_message(job), "a quarter"));
    CHECK(is_text(archaeo_job_worker_id(job), "me"));
    archaeo_job_free(job);
    CHECK_OK(archaeo_lease_complete(lease, "{\"ok\":1}", 8, &error));
    archaeo_lease_free(lease);
    CHECK_OK(archaeo_job_wait(engine, id.text, 0, &job, &error));
    CHECK(archaeo_job_status(job) == ARCHAEO_JOB_COMPLETED && is_text(archaeo_job_result(job), "{\"ok\":1}"));
    archaeo_job_free(job);
}

static void fail_and_retry(archaeo_engine* engine) {
    archaeo_error* error = NULL;
    archaeo_job* job = NULL;
    const archaeo_id id = enqueue(engine, NULL);
    archaeo_lease* lease = claim(engine, 0);
    CHECK_OK(archaeo_lease_release(lease, &error));
    archaeo_lease_free(lease);
    lease = claim(engine, 0);
    CHECK_OK(archaeo_lease_delay(lease, "rate limit", 1, &error));
    archaeo_lease_free(lease);
    lease = claim(engine, ARCHAEO_FOREVER);
    CHECK_OK(archaeo_lease_fail(lease, "no", ARCHAEO_FAIL_PERMANENT, &error));
    archaeo_lease_free(lease);
    job = job_of(engine, id);
    CHECK(archaeo_job_status(job) == ARCHAEO_JOB_FAILED && is_text(archaeo_job_error_message(job), "no"));
    CHECK(archaeo_job_retry_count(job) == 0);
    archaeo_job_free(job);
    CHECK_OK(archaeo_job_retry(engine, id.text, &job, &error));
    CHECK(archaeo_job_status(job) == ARCHAEO_JOB_QUEUED);
    CHECK_OK(archaeo_job_set_priority(engine, archaeo_job_id(job).data, ARCHAEO_PRIORITY_URGENT, &error));
    lease = claim(engine, 0);
    CHECK(is_text(archaeo_lease_job_id(lease), archaeo_job_id(job).data));
    CHECK(archaeo_lease_priority(lease) == ARCHAEO_PRIORITY_URGENT);
    CHECK_OK(archaeo_job_cancel(engine, archaeo_job_id(job).data, &error));
    CHECK_CODE(ARCHAEO_CANCELLED, "cancelled", archaeo_lease_extend(lease, &error));
    CHECK_CODE(ARCHAEO_LEASE_LOST, "", archaeo_lease_release(lease, &error));
    CHECK_CODE(ARCHAEO_CONFLICT, "final", archaeo_job_cancel(engine, archaeo_job_id(job).data, &error));
    CHECK_OK(archaeo_job_delete(engine, archaeo_job_id(job).data, &error));
    CHECK_CODE(ARCHAEO_NOT_FOUND, "", archaeo_job_delete(engine, archaeo_job_id(job).data, &error));
    archaeo_lease_free(lease);
    archaeo_job_free(job);
}

static int is_readable(int descriptor, int timeout_ms) {
    struct pollfd one = {descriptor, POLLIN, 0};
    return poll(&one, 1, timeout_ms) == 1;
}

static void wake(archaeo_engine* engine) {
    archaeo_error* error = NULL;
    int descriptor = -1;
    int again = -1;
    archaeo_lease* lease;
    CHECK_OK(archaeo_queue_wake_fd(engine, &descriptor, &error));
    CHECK_OK(archaeo_queue_wake_fd(engine, &again, &error));
    CHECK(descriptor >= 0 && descriptor == again && is_readable(descriptor, 0));
    CHECK_OK(archaeo_queue_wake_clear(engine, &error));
    enqueue(engine, NULL);
    CHECK(is_readable(descriptor, 0));
    lease = claim(engine, 0);
    CHECK_OK(archaeo_lease_complete(lease, NULL, 0, &error));
    archaeo_lease_free(lease);
    CHECK_OK(archaeo_queue_wake_clear(engine, &error));
    CHECK(is_readable(descriptor, 5000)); /* the tick, for jobs whose time comes */
}

static void* interrupt(void* engine) {
    CHECK(archaeo_engine_interrupt(engine, ARCHAEO_INTERRUPT_WAITS, NULL) == ARCHAEO_OK);
    return NULL;
}

/* Whichever comes first, the interruption or the wait: the second round's wait has certainly begun before. */
static void interrupted(archaeo_engine* engine) {
    archaeo_error* error = NULL;
    archaeo_events* events = NULL;
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, interrupt, engine) == 0);
    CHECK(claim(engine, 1000) == NULL);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK_OK(archaeo_events_poll(engine, INT64_MAX, NULL, 10, &events, &error));
    CHECK(archaeo_events_count(events) == 0);
    archaeo_events_free(events);
}

static void lists_and_events(archaeo_engine* engine) {
    archaeo_error* error = NULL;
    archaeo_job* jobs[10];
    archaeo_events* events = NULL;
    archaeo_buffer* stats = NULL;
    archaeo_job_filter filter = {0};
    archaeo_event_filter of_job = {0};
    const archaeo_id id = enqueue(engine, NULL);
    size_t count = 0;
    int64_t total = 0;
    filter.struct_size = sizeof filter;
    filter.status = ARCHAEO_JOB_QUEUED;
    filter.job_type = type;
    of_job.struct_size = sizeof of_job;
    of_job.job_id = id.text;
    CHECK_OK(archaeo_job_list(engine, &filter, 1, jobs, 10, &count, &total, &error));
    CHECK(count == 1 && total == 1 && is_text(archaeo_job_id(jobs[0]), id.text));
    CHECK(is_text(archaeo_job_data(jobs[0]), "{\"n\":1}") && archaeo_job_project_id(jobs[0]) == 0);
    archaeo_job_free(jobs[0]);
    CHECK_OK(archaeo_events_poll(engine, 0, &of_job, ARCHAEO_FOREVER, &events, &error));
    CHECK(archaeo_events_count(events) == 1 && is_text(archaeo_events_kind(events, 0), "job.queued"));
    CHECK(archaeo_events_cursor(events) == archaeo_events_id(events, 0) && archaeo_events_at_ms(events, 0) > 0);
    CHECK(is_text(archaeo_events_job_id(events, 0), id.text) && archaeo_events_newest_id(events) > 0);
    CHECK(archaeo_events_oldest_id(events) == 1 && archaeo_events_json(events, 0).data[0] == '{');
    archaeo_events_free(events);
    CHECK_OK(archaeo_queue_pause(engine, &error));
    CHECK(claim(engine, 0) == NULL);
    CHECK_OK(archaeo_queue_resume(engine, &error));
    CHECK_OK(archaeo_queue_stats(engine, &stats, &error));
    CHECK(strstr(archaeo_buffer_text(stats).data, "\"paused\":false") != NULL);
    archaeo_buffer_free(stats);
    CHECK_OK(archaeo_job_stats(engine, 0, &stats, &error));
    CHECK(strstr(archaeo_buffer_text(stats).data, "\"queued_jobs\":1") != NULL);
    archaeo_buffer_free(stats);
    CHECK_OK(archaeo_job_cancel(engine, id.text, &error));
}

void prove_queue(void) {
    archaeo_error* error = NULL;
    archaeo_engine* engine = open_engine("data");
    CHECK_OK(archaeo_queue_join(engine, "me", &error));
    CHECK_CODE(ARCHAEO_CONFLICT, "me", archaeo_queue_join(engine, "me", &error));
    complete(engine);
    fail_and_retry(engine);
    wake(engine);
    interrupted(engine);
    lists_and_events(engine);
    CHECK_OK(archaeo_queue_leave(engine, "me", &error));
    archaeo_engine_close(engine);
}
