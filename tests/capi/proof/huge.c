/* Sizes and numbers beyond all measure are refused before anything is read or made. */
#include "proof.h"

static void huge_texts(archaeo_engine* engine, int64_t project_id) {
    archaeo_error* error = NULL;
    archaeo_chunks* chunks = NULL;
    archaeo_terms* terms = NULL;
    archaeo_hits* hits = NULL;
    archaeo_upload* upload = NULL;
    archaeo_lease* lease = claimed_job(engine);
    archaeo_str text = {"x", SIZE_MAX};
    float vector[1];
    CHECK_CODE(ARCHAEO_TOO_LARGE, "text", archaeo_chunk("x", SIZE_MAX, NULL, &chunks, &error));
    CHECK_CODE(ARCHAEO_TOO_LARGE, "text", archaeo_analyze("x", SIZE_MAX, &terms, &error));
    CHECK_CODE(ARCHAEO_TOO_LARGE, "query", archaeo_search(engine, "x", SIZE_MAX, NULL, &hits, &error));
    CHECK_CODE(ARCHAEO_TOO_LARGE, "content",
               archaeo_upload_bytes(engine, project_id, "x", "x", SIZE_MAX, NULL, NULL, NULL, &error));
    CHECK_OK(archaeo_upload_begin(engine, project_id, "x", NULL, &upload, &error));
    CHECK_CODE(ARCHAEO_TOO_LARGE, "content", archaeo_upload_append(upload, "x", SIZE_MAX, &error));
    CHECK_CODE(ARCHAEO_TOO_LARGE, "result_json", archaeo_lease_complete(lease, "x", SIZE_MAX, &error));
    CHECK_CODE(ARCHAEO_TOO_LARGE, "texts",
               archaeo_engine_embed(engine, &text, SIZE_MAX, ARCHAEO_ROLE_QUERY, vector, 1, &error));
    CHECK_REFUSED("vector_floats", archaeo_engine_embed(engine, &text, 1, ARCHAEO_ROLE_QUERY, vector, 1, &error));
    CHECK_REFUSED("is NULL", archaeo_chunk(NULL, 1, NULL, &chunks, &error));
    archaeo_upload_free(upload);
    archaeo_lease_free(lease);
}

static void huge_lists(archaeo_engine* engine, int64_t project_id) {
    archaeo_error* error = NULL;
    archaeo_new_job job = {0};
    archaeo_job* jobs[1];
    archaeo_source* sources[1];
    archaeo_lease* leases[1];
    archaeo_hits* hits = NULL;
    archaeo_search_options search = {0};
    const char* type = "work";
    size_t count = 1;
    job.struct_size = sizeof job;
    job.job_type = type;
    search.struct_size = sizeof search;
    search.project_ids = &project_id;
    search.project_id_count = SIZE_MAX;
    CHECK_REFUSED("10000", archaeo_queue_enqueue(engine, &job, SIZE_MAX, NULL, NULL, &error));
    CHECK_REFUSED("64", archaeo_queue_claim(engine, "me", &type, SIZE_MAX, 0, leases, 1, &count, &error));
    CHECK(count == 0);
    CHECK_REFUSED("256", archaeo_queue_claim(engine, "me", &type, 1, 0, leases, SIZE_MAX, &count, &error));
    CHECK_REFUSED("1000", archaeo_job_list(engine, NULL, 1, jobs, SIZE_MAX, &count, NULL, &error));
    CHECK_REFUSED("1000", archaeo_source_list(engine, project_id, 0, 1, sources, SIZE_MAX, &count, NULL, &error));
    CHECK_REFUSED("10000", archaeo_engine_ingest(engine, "x", &type, SIZE_MAX, NULL, NULL, &error));
    type = "";
    CHECK_REFUSED("a path is empty", archaeo_engine_ingest(engine, "x", &type, 1, NULL, NULL, &error));
    CHECK_REFUSED("1000", archaeo_search(engine, "x", 1, &search, &hits, &error));
}

static void huge_numbers(archaeo_engine* engine, int64_t project_id) {
    archaeo_error* error = NULL;
    archaeo_source* source = NULL;
    archaeo_buffer* buffer = NULL;
    archaeo_job* jobs[1];
    archaeo_events* events = NULL;
    archaeo_upload_options upload = {0};
    archaeo_new_job job = {0};
    size_t count = 0;
    upload.struct_size = sizeof upload;
    upload.timeout_ms = INT64_MAX;
    job.struct_size = sizeof job;
    job.job_type = "work";
    job.scheduled_at_ms = INT64_MAX;
    CHECK_REFUSED("timeout_ms", archaeo_upload_bytes(engine, project_id, "x", "x", 1, &upload, NULL, NULL, &error));
    CHECK_REFUSED("scheduled_at", archaeo_queue_enqueue(engine, &job, 1, NULL, NULL, &error));
    CHECK_REFUSED("page", archaeo_job_list(engine, NULL, INT64_MIN, jobs, 1, &count, NULL, &error));
    CHECK_REFUSED("timeout_ms", archaeo_events_poll(engine, 0, NULL, INT64_MIN, &events, &error));
    CHECK_OK(archaeo_events_poll(engine, INT64_MAX, NULL, 0, &events, &error));
    CHECK(archaeo_events_count(events) == 0 && archaeo_events_cursor(events) == INT64_MAX);
    CHECK(is_text(archaeo_events_kind(events, SIZE_MAX), "") && archaeo_events_id(events, SIZE_MAX) == 0);
    archaeo_events_free(events);
    CHECK_OK(archaeo_upload_bytes(engine, project_id, "y", "yes", 3, NULL, &source, NULL, &error));
    CHECK_OK(archaeo_source_content(engine, archaeo_source_id(source), UINT64_MAX, 1, &buffer, &error));
    CHECK(is_text(archaeo_buffer_text(buffer), ""));
    archaeo_buffer_free(buffer);
    CHECK_CODE(ARCHAEO_TOO_LARGE, "size_max",
               archaeo_source_content(engine, archaeo_source_id(source), 0, SIZE_MAX, &buffer, &error));
    CHECK_OK(archaeo_source_content(engine, archaeo_source_id(source), 1, 100, &buffer, &error));
    CHECK(is_text(archaeo_buffer_text(buffer), "es"));
    archaeo_buffer_free(buffer);
    archaeo_source_free(source);
}

static void huge_options(void) {
    archaeo_error* error = NULL;
    archaeo_engine* engine = NULL;
    archaeo_vectors* vectors = NULL;
    archaeo_options options = {0};
    char* path = folder("never");
    options.struct_size = sizeof options;
    options.workers = INT32_MAX;
    CHECK_REFUSED("workers", archaeo_engine_open(path, &options, &engine, &error));
    options.workers = 0;
    options.lease_ms = INT64_MAX;
    CHECK_REFUSED("lease_ms", archaeo_engine_open(path, &options, &engine, &error));
    options.lease_ms = 0;
    options.chunk_target_tokens = UINT32_MAX;
    CHECK_REFUSED("tokens", archaeo_engine_open(path, &options, &engine, &error));
    options.chunk_target_tokens = 0;
    options.keep_failed_ms = INT64_MIN;
    CHECK_REFUSED("keep_failed_ms", archaeo_engine_open(path, &options, &engine, &error));
    CHECK_REFUSED("dimension", archaeo_vectors_open(path, SIZE_MAX, &vectors, &error));
    free(path);
}

void prove_huge(void) {
    archaeo_error* error = NULL;
    archaeo_project* project = NULL;
    archaeo_engine* engine = open_engine("data");
    CHECK_OK(archaeo_project_create(engine, "huge", NULL, &project, &error));
    huge_texts(engine, archaeo_project_id(project));
    huge_lists(engine, archaeo_project_id(project));
    huge_numbers(engine, archaeo_project_id(project));
    huge_options();
    archaeo_project_free(project);
    archaeo_engine_close(engine);
}
