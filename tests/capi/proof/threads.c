/* Eight threads on one engine at once: each its own work, all the same handles, and the engine closed under them. */
#include <pthread.h>

#include "proof.h"

enum { THREADS = 8, ROUNDS = 12 };

typedef struct shared {
    archaeo_engine* engine;
    archaeo_lease* lease;
    archaeo_project* project;
    int64_t project_id;
} shared;

static void one_round(archaeo_engine* engine, int64_t project_id, int number) {
    archaeo_error* error = NULL;
    archaeo_source* source = NULL;
    archaeo_hits* hits = NULL;
    archaeo_buffer* buffer = NULL;
    archaeo_events* events = NULL;
    archaeo_lease* lease = NULL;
    const char* type = "work";
    archaeo_new_job job = {0};
    char name[32];
    size_t count = 0;
    snprintf(name, sizeof name, "file-%d.txt", number);
    job.struct_size = sizeof job;
    job.job_type = type;
    CHECK_OK(archaeo_upload_bytes(engine, project_id, name, name, strlen(name), NULL, &source, NULL, &error));
    CHECK_OK(archaeo_queue_enqueue(engine, &job, 1, NULL, NULL, &error));
    CHECK_OK(archaeo_queue_claim(engine, "me", &type, 1, 0, &lease, 1, &count, &error));
    CHECK(count == 1);
    CHECK_OK(archaeo_lease_complete(lease, "{\"done\":true}", 13, &error));
    CHECK_OK(archaeo_search(engine, "file", 4, NULL, &hits, &error));
    CHECK_OK(archaeo_events_poll(engine, 0, NULL, 0, &events, &error));
    CHECK_OK(archaeo_queue_stats(engine, &buffer, &error));
    archaeo_buffer_free(buffer);
    archaeo_events_free(events);
    archaeo_hits_free(hits);
    archaeo_lease_free(lease);
    archaeo_source_free(source);
}

static void* work(void* argument) {
    static int next;
    shared* all = argument;
    int number = __atomic_fetch_add(&next, ROUNDS, __ATOMIC_RELAXED);
    const int end = number + ROUNDS;
    for (; number < end; ++number) one_round(all->engine, all->project_id, number);
    return NULL;
}

/* What nobody should do: one lease and one copy, used and freed by all at once. */
static void* misuse(void* argument) {
    shared* all = argument;
    int32_t code;
    int i;
    for (i = 0; i < 20; ++i) {
        code = archaeo_lease_extend(all->lease, NULL);
        CHECK(code == ARCHAEO_OK || code == ARCHAEO_INVALID_ARGUMENT || code == ARCHAEO_CONFLICT ||
              code == ARCHAEO_LEASE_LOST);
        if (i == 10) archaeo_lease_complete(all->lease, NULL, 0, NULL);
        if (i == 15) archaeo_lease_free(all->lease);
        CHECK(archaeo_project_id(all->project) == all->project_id || archaeo_project_id(all->project) == 0);
        if (i == 18) archaeo_project_free(all->project);
    }
    return NULL;
}

/* Waits without limit: only the engine's end ends it. */
static void* wait_for_the_end(void* argument) {
    shared* all = argument;
    archaeo_lease* lease = NULL;
    archaeo_events* events = NULL;
    const char* type = "never";
    size_t count = 0;
    int32_t code = archaeo_queue_claim(all->engine, "me", &type, 1, ARCHAEO_FOREVER, &lease, 1, &count, NULL);
    CHECK(code == ARCHAEO_CONFLICT);
    code = archaeo_events_poll(all->engine, INT64_MAX, NULL, ARCHAEO_FOREVER, &events, NULL);
    CHECK(code == ARCHAEO_CONFLICT);
    CHECK(count == 0 && events == NULL);
    return NULL;
}

static void* close_engine(void* argument) {
    archaeo_engine_close(((shared*)argument)->engine);
    return NULL;
}

static void together(void* (*first)(void*), void* (*others)(void*), shared* all) {
    pthread_t threads[THREADS];
    int i;
    for (i = 0; i < THREADS; ++i) {
        CHECK(pthread_create(&threads[i], NULL, i == THREADS - 1 ? first : others, all) == 0);
    }
    for (i = 0; i < THREADS; ++i) CHECK(pthread_join(threads[i], NULL) == 0);
}

void prove_threads(void) {
    archaeo_error* error = NULL;
    archaeo_worker* worker = NULL;
    shared all;
    all.engine = open_engine("data");
    CHECK_OK(archaeo_project_create(all.engine, "threads", NULL, &all.project, &error));
    all.project_id = archaeo_project_id(all.project);
    CHECK_OK(archaeo_worker_start(all.engine, &worker, &error));
    together(work, work, &all);
    all.lease = claimed_job(all.engine);
    together(misuse, misuse, &all);
    together(close_engine, wait_for_the_end, &all);
    archaeo_worker_free(worker);
}
