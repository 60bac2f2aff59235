/* An embedder and a log of the program's own. */
#include "proof.h"

typedef struct counts {
    int embedded;
    int released;
    int logged;
    int32_t answer;
} counts;

static int32_t embed(const archaeo_str* texts, size_t text_count, int32_t role, float* vectors,
                     archaeo_error** error_out, void* user_data) {
    counts* all = user_data;
    size_t i;
    CHECK(role == ARCHAEO_ROLE_DOCUMENT || role == ARCHAEO_ROLE_QUERY);
    __atomic_add_fetch(&all->embedded, 1, __ATOMIC_RELAXED);
    if (all->answer != ARCHAEO_OK) {
        *error_out = archaeo_error_new(all->answer, "the model is asleep");
        return all->answer;
    }
    for (i = 0; i < text_count; ++i) {
        CHECK(texts[i].data[texts[i].size] == '\0');
        vectors[2 * i] = 3;
        vectors[2 * i + 1] = 4;
    }
    return ARCHAEO_OK;
}

static void release(void* user_data) { ++((counts*)user_data)->released; }

static void sink(int32_t level, const char* message, size_t message_size, const char* job_id, void* user_data) {
    CHECK(level >= ARCHAEO_LOG_DEBUG && level <= ARCHAEO_LOG_ERROR && strlen(message) == message_size);
    CHECK(job_id == NULL || strlen(job_id) == 36);
    __atomic_add_fetch(&((counts*)user_data)->logged, 1, __ATOMIC_RELAXED);
}

static void refused(archaeo_embedder* embedder, archaeo_options* options, const char* path) {
    archaeo_error* error = NULL;
    archaeo_engine* engine = NULL;
    embedder->dimension = 0;
    CHECK_REFUSED("dimension is 0", archaeo_engine_open(path, options, &engine, &error));
    embedder->dimension = 2;
    embedder->hybrid_weight = 2;
    CHECK_REFUSED("hybrid_weight", archaeo_engine_open(path, options, &engine, &error));
    embedder->hybrid_weight = ARCHAEO_NONE;
    embedder->embed = NULL;
    CHECK_REFUSED("embed is NULL", archaeo_engine_open(path, options, &engine, &error));
    embedder->embed = embed;
    options->workers = -1;
    CHECK_REFUSED("workers", archaeo_engine_open(path, options, &engine, &error));
    options->workers = 2;
}

static void process(archaeo_engine* engine, counts* all) {
    archaeo_error* error = NULL;
    archaeo_project* project = NULL;
    archaeo_job* job = NULL;
    archaeo_job* done = NULL;
    archaeo_worker* worker = NULL;
    archaeo_buffer* status = NULL;
    archaeo_upload_options once = {0};
    once.struct_size = sizeof once;
    once.max_retries = ARCHAEO_NONE;
    CHECK_OK(archaeo_project_create(engine, "embedder", NULL, &project, &error));
    CHECK_OK(archaeo_upload_bytes(engine, archaeo_project_id(project), "a.txt", "some words", 10, &once, NULL, &job,
                                  &error));
    CHECK_OK(archaeo_worker_start(engine, &worker, &error));
    CHECK_OK(archaeo_job_wait(engine, archaeo_job_id(job).data, 30000, &done, &error));
    CHECK(archaeo_job_status(done) == ARCHAEO_JOB_COMPLETED && all->embedded > 0);
    CHECK_OK(archaeo_worker_status(worker, &status, &error));
    CHECK(strstr(archaeo_buffer_text(status).data, "\"state\":\"running\"") != NULL);
    archaeo_buffer_free(status);
    CHECK_OK(archaeo_worker_drain(worker, ARCHAEO_FOREVER, &error));
    CHECK_OK(archaeo_worker_stop(worker, &error));
    CHECK_OK(archaeo_worker_status(worker, &status, &error));
    CHECK(strstr(archaeo_buffer_text(status).data, "\"state\":\"stopped\"") != NULL);
    archaeo_buffer_free(status);
    archaeo_worker_free(worker);
    archaeo_job_free(done);
    archaeo_job_free(job);
    archaeo_project_free(project);
}

void prove_embedder(void) {
    archaeo_error* error = NULL;
    archaeo_engine* engine = NULL;
    archaeo_hits* hits = NULL;
    counts all = {0};
    archaeo_embedder embedder = {0};
    archaeo_options options = {0};
    archaeo_search_options search = {0};
    archaeo_str text = {"x", 1};
    float vector[2];
    char* path = folder("data");
    embedder.struct_size = sizeof embedder;
    embedder.model_id = "proof-2";
    embedder.matches_meaning = 1;
    embedder.embed = embed;
    embedder.release = release;
    embedder.user_data = &all;
    options.struct_size = sizeof options;
    options.embedder = &embedder;
    options.log = sink;
    options.log_level = ARCHAEO_LOG_DEBUG;
    options.log_user_data = &all;
    refused(&embedder, &options, path);
    CHECK_OK(archaeo_engine_open(path, &options, &engine, &error));
    CHECK(archaeo_engine_dimension(engine) == 2 && all.released == 0);
    CHECK_OK(archaeo_engine_embed(engine, &text, 1, ARCHAEO_ROLE_QUERY, vector, 2, &error));
    CHECK(vector[0] > 0.59f && vector[0] < 0.61f && vector[1] > 0.79f && vector[1] < 0.81f);
    process(engine, &all);
    all.answer = ARCHAEO_RATE_LIMITED;
    search.struct_size = sizeof search;
    search.mode = ARCHAEO_SEARCH_SEMANTIC;
    CHECK_CODE(ARCHAEO_RATE_LIMITED, "proof-2: the model is asleep",
               archaeo_search(engine, "words", 5, &search, &hits, &error));
    archaeo_engine_close(engine);
    CHECK(all.released == 1);
    free(path);
}
