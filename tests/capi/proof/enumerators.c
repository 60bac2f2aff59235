/* Enumerators and texts that mean nothing are refused, and named. */
#include "proof.h"

static void unknown_in_options(archaeo_engine* engine, int64_t project_id) {
    archaeo_error* error = NULL;
    archaeo_chunks* chunks = NULL;
    archaeo_hits* hits = NULL;
    archaeo_job* jobs[1];
    size_t count = 0;
    archaeo_upload_options upload = {0};
    archaeo_chunk_options chunk = {0};
    archaeo_search_options search = {0};
    archaeo_job_filter filter = {0};
    upload.struct_size = sizeof upload;
    chunk.struct_size = sizeof chunk;
    search.struct_size = sizeof search;
    filter.struct_size = sizeof filter;
    upload.priority = 99;
    CHECK_REFUSED("priority is 99", archaeo_upload_bytes(engine, project_id, "x", "x", 1, &upload, NULL, NULL, &error));
    upload.priority = ARCHAEO_PRIORITY_URGENT;
    upload.if_unchanged = -1;
    CHECK_REFUSED("if_unchanged is -1",
                  archaeo_upload_bytes(engine, project_id, "x", "x", 1, &upload, NULL, NULL, &error));
    upload.if_unchanged = 0;
    upload.max_retries = -2;
    CHECK_REFUSED("max_retries is -2",
                  archaeo_upload_bytes(engine, project_id, "x", "x", 1, &upload, NULL, NULL, &error));
    upload.max_retries = 0;
    upload.timeout_ms = 1500;
    CHECK_REFUSED("multiple of 1000",
                  archaeo_upload_bytes(engine, project_id, "x", "x", 1, &upload, NULL, NULL, &error));
    chunk.kind = 99;
    CHECK_REFUSED("kind is 99", archaeo_chunk("x", 1, &chunk, &chunks, &error));
    CHECK_REFUSED("UTF-8", archaeo_chunk("\xff", 1, NULL, &chunks, &error));
    search.mode = 99;
    CHECK_REFUSED("mode is 99", archaeo_search(engine, "x", 1, &search, &hits, &error));
    filter.status = 99;
    CHECK_REFUSED("status is 99", archaeo_job_list(engine, &filter, 1, jobs, 1, &count, NULL, &error));
}

static void unknown_in_arguments(archaeo_engine* engine, int64_t project_id) {
    archaeo_error* error = NULL;
    archaeo_source* sources[1];
    archaeo_job* job = NULL;
    archaeo_lease* lease = claimed_job(engine);
    size_t count = 0;
    float vectors[1];
    CHECK_REFUSED("status is 99", archaeo_source_list(engine, project_id, 99, 1, sources, 1, &count, NULL, &error));
    CHECK_REFUSED("priority is 99", archaeo_source_reprocess(engine, 1, 99, NULL, &error));
    CHECK_REFUSED("kind is 99", archaeo_lease_fail(lease, NULL, 99, &error));
    CHECK_REFUSED("role is 99", archaeo_engine_embed(engine, NULL, 0, 99, vectors, 0, &error));
    CHECK_REFUSED("must be a UUID", archaeo_job_get(engine, "17", &job, &error));
    CHECK_CODE(ARCHAEO_NOT_FOUND, "", archaeo_job_get(engine, "00000000-0000-7000-8000-000000000000", &job, &error));
    CHECK_REFUSED("\"../x\"", archaeo_upload_bytes(engine, project_id, "../x", "x", 1, NULL, NULL, NULL, &error));
    CHECK_CODE(ARCHAEO_NOT_FOUND, "project", archaeo_upload_bytes(engine, 4711, "x", "x", 1, NULL, NULL, NULL, &error));
    CHECK_REFUSED("UTF-8", archaeo_project_create(engine, "\xff", NULL, NULL, &error));
    CHECK_OK(archaeo_lease_fail(lease, "a reason", ARCHAEO_FAIL_PERMANENT, &error));
    archaeo_lease_free(lease);
}

void prove_enumerators(void) {
    archaeo_error* error = NULL;
    archaeo_project* project = NULL;
    archaeo_engine* engine = open_engine("data");
    CHECK_OK(archaeo_project_create(engine, "enumerators", NULL, &project, &error));
    unknown_in_options(engine, archaeo_project_id(project));
    unknown_in_arguments(engine, archaeo_project_id(project));
    archaeo_project_free(project);
    archaeo_engine_close(engine);
}
