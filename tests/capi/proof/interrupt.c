/* Calls that wait or take long, in threads of their own: ended by an interruption or by the engine's end, and nothing is left
 * half-done. */
#include <pthread.h>
#include <unistd.h>

#include "proof.h"

enum { FILES = 40 };

typedef struct call {
    archaeo_engine* engine;
    int32_t (*make)(archaeo_engine* engine);
    pthread_t thread;
    int32_t code;
    int is_over; /* atomic */
} call;

static void* run(void* argument) {
    call* one = argument;
    one->code = one->make(one->engine);
    __atomic_store_n(&one->is_over, 1, __ATOMIC_RELEASE);
    return NULL;
}

static void begin(call* one, archaeo_engine* engine, int32_t (*make)(archaeo_engine* engine)) {
    memset(one, 0, sizeof *one);
    one->engine = engine;
    one->make = make;
    CHECK(pthread_create(&one->thread, NULL, run, one) == 0);
}

static int32_t end_of(call* one) {
    CHECK(pthread_join(one->thread, NULL) == 0);
    return one->code;
}

static int32_t claim(archaeo_engine* engine) {
    archaeo_lease* lease = NULL;
    const char* type = "never";
    size_t count = 0;
    const int32_t code = archaeo_queue_claim(engine, "me", &type, 1, ARCHAEO_FOREVER, &lease, 1, &count, NULL);
    CHECK(count == 0 && lease == NULL);
    return code;
}

static archaeo_id waited_for;

static int32_t wait_for_job(archaeo_engine* engine) {
    archaeo_job* job = NULL;
    const int32_t code = archaeo_job_wait(engine, waited_for.text, ARCHAEO_FOREVER, &job, NULL);
    CHECK((code == ARCHAEO_OK) == (job != NULL) && !archaeo_job_is_finished(job));
    archaeo_job_free(job);
    return code;
}

static int32_t poll_events(archaeo_engine* engine) {
    archaeo_events* events = NULL;
    const int32_t code = archaeo_events_poll(engine, INT64_MAX, NULL, ARCHAEO_FOREVER, &events, NULL);
    CHECK((code == ARCHAEO_OK) == (events != NULL) && archaeo_events_count(events) == 0);
    archaeo_events_free(events);
    return code;
}

static int32_t ingest(archaeo_engine* engine) {
    archaeo_buffer* report = NULL;
    char* path = folder("tree");
    const char* paths[1];
    int32_t code;
    paths[0] = path;
    code = archaeo_engine_ingest(engine, "tree", paths, 1, NULL, &report, NULL);
    CHECK((code == ARCHAEO_OK) == (report != NULL));
    archaeo_buffer_free(report);
    free(path);
    return code;
}

static int32_t upload(archaeo_engine* engine) {
    archaeo_source* source = NULL;
    char* path = folder("large");
    const int32_t code = archaeo_upload_path(engine, 1, NULL, path, NULL, &source, NULL, NULL);
    CHECK((code == ARCHAEO_OK) == (source != NULL));
    archaeo_source_free(source);
    free(path);
    return code;
}

static void write_files(void) {
    char* tree = folder("tree");
    char* large = folder("large");
    char path[4096];
    FILE* file;
    int i;
    CHECK(snprintf(path, sizeof path, "mkdir '%s'", tree) > 0 && system(path) == 0);
    for (i = 0; i < FILES; ++i) {
        snprintf(path, sizeof path, "%s/f%d.txt", tree, i);
        file = fopen(path, "w");
        CHECK(file != NULL && fprintf(file, "words of file %d\n", i) > 0 && fclose(file) == 0);
    }
    file = fopen(large, "w");
    CHECK(file != NULL && ftruncate(fileno(file), (off_t)3 << 30) == 0 && fclose(file) == 0);
    free(tree);
    free(large);
}

static size_t jobs_in_all(archaeo_engine* engine) {
    archaeo_error* error = NULL;
    archaeo_job* jobs[1];
    archaeo_job_filter filter = {0};
    size_t count = 0;
    int64_t total = 0;
    filter.struct_size = sizeof filter;
    filter.job_type = "file_processing";
    CHECK_OK(archaeo_job_list(engine, &filter, 1, jobs, 1, &count, &total, &error));
    if (count > 0) archaeo_job_free(jobs[0]);
    return (size_t)total;
}

static size_t sources_of(archaeo_engine* engine, int32_t status) {
    archaeo_error* error = NULL;
    archaeo_project* project = NULL;
    archaeo_source* sources[1];
    size_t count = 0;
    int64_t total = 0;
    if (archaeo_project_find(engine, "tree", &project, NULL) != ARCHAEO_OK) return 0;
    CHECK_OK(archaeo_source_list(engine, archaeo_project_id(project), status, 1, sources, 1, &count, &total, &error));
    if (count > 0) archaeo_source_free(sources[0]);
    archaeo_project_free(project);
    return (size_t)total;
}

static void interrupt(archaeo_engine* engine, int32_t what) {
    archaeo_error* error = NULL;
    CHECK_OK(archaeo_engine_interrupt(engine, what, &error));
}

/* An interruption means what runs: until the calls have begun, it is made again. */
static void until_over(archaeo_engine* engine, int32_t what, const call* calls, int count) {
    int i;
    for (i = 0; i < count; ++i) {
        while (!__atomic_load_n(&calls[i].is_over, __ATOMIC_ACQUIRE)) {
            interrupt(engine, what);
            usleep(1000);
        }
    }
}

static void waits_end(archaeo_engine* engine, int32_t what) {
    call calls[3];
    int i;
    begin(&calls[0], engine, claim);
    begin(&calls[1], engine, wait_for_job);
    begin(&calls[2], engine, poll_events);
    until_over(engine, what, calls, 3);
    for (i = 0; i < 3; ++i) CHECK(end_of(&calls[i]) == ARCHAEO_OK);
}

/* The queue is paused, so no ingest ends by itself. */
static void ingest_ends(archaeo_engine* engine) {
    archaeo_error* error = NULL;
    archaeo_worker* worker = NULL;
    archaeo_worker* second = NULL;
    call one;
    begin(&one, engine, ingest);
    while (sources_of(engine, 0) == 0) interrupt(engine, ARCHAEO_INTERRUPT_WAITS);
    until_over(engine, ARCHAEO_INTERRUPT_INGESTS, &one, 1);
    CHECK(end_of(&one) == ARCHAEO_CANCELLED);
    CHECK(sources_of(engine, 0) > 0 && sources_of(engine, 0) == jobs_in_all(engine));
    CHECK(sources_of(engine, ARCHAEO_SOURCE_PENDING) == sources_of(engine, 0));
    begin(&one, engine, ingest);
    until_over(engine, 0, &one, 1);
    CHECK(end_of(&one) == ARCHAEO_CANCELLED);
    /* waits only: it goes on, and ends well as soon as it can */
    begin(&one, engine, ingest);
    while (sources_of(engine, 0) < FILES) interrupt(engine, ARCHAEO_INTERRUPT_WAITS);
    /* its workers are not the program's, which may come and go meanwhile */
    CHECK_OK(archaeo_worker_start(engine, &worker, &error));
    CHECK_CODE(ARCHAEO_CONFLICT, "runs already", archaeo_worker_start(engine, &second, &error));
    CHECK_OK(archaeo_worker_stop(worker, &error));
    archaeo_worker_free(worker);
    CHECK_OK(archaeo_queue_resume(engine, &error));
    CHECK(end_of(&one) == ARCHAEO_OK);
    CHECK(sources_of(engine, ARCHAEO_SOURCE_SEARCHABLE) == FILES && jobs_in_all(engine) == FILES);
}

/* With a job that nobody does, a project for uploads, and nothing that goes on. */
static archaeo_engine* open_paused(const char* name) {
    archaeo_error* error = NULL;
    archaeo_project* project = NULL;
    archaeo_new_job job = {0};
    archaeo_engine* engine = open_engine(name);
    job.struct_size = sizeof job;
    job.job_type = "not-done";
    CHECK_OK(archaeo_queue_enqueue(engine, &job, 1, NULL, &waited_for, &error));
    CHECK_OK(archaeo_queue_pause(engine, &error));
    CHECK_OK(archaeo_project_create(engine, "large", NULL, &project, &error));
    CHECK(archaeo_project_id(project) == 1);
    archaeo_project_free(project);
    return engine;
}

static void all_end_with_the_engine(void) {
    archaeo_error* error = NULL;
    int32_t (*const makes[])(archaeo_engine*) = {claim, wait_for_job, poll_events, ingest, upload};
    enum { CALLS = sizeof makes / sizeof *makes };
    call calls[CALLS];
    int i;
    archaeo_engine* engine = open_paused("closed");
    for (i = 0; i < CALLS; ++i) begin(&calls[i], engine, makes[i]);
    while (sources_of(engine, 0) == 0) usleep(1000);
    archaeo_engine_close(engine);
    for (i = 0; i < CALLS; ++i) CHECK(end_of(&calls[i]) == ARCHAEO_CONFLICT);
    /* whoever comes later learns why, too, though others were opened and closed meanwhile */
    for (i = 0; i < 8; ++i) archaeo_engine_close(open_engine("closed"));
    CHECK_CODE(ARCHAEO_CONFLICT, "closed", archaeo_queue_pause(engine, &error));
}

void prove_interrupt(void) {
    archaeo_error* error = NULL;
    archaeo_engine* engine = open_paused("interrupted");
    write_files();
    waits_end(engine, ARCHAEO_INTERRUPT_WAITS);
    waits_end(engine, 0);
    ingest_ends(engine);
    CHECK_REFUSED("what is 99", archaeo_engine_interrupt(engine, 99, &error));
    archaeo_engine_close(engine);
    all_end_with_the_engine();
}
