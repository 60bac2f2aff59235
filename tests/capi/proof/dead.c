/* Freed handles, handles of another kind, pointers to something else, and handles whose engine is closed: a code for each. */
#include "proof.h"

static void freed_or_foreign(archaeo_engine* engine) {
    archaeo_error* error = NULL;
    archaeo_project* project = NULL;
    char foreign[64] = {0};
    archaeo_buffer* buffer = NULL;
    CHECK_OK(archaeo_project_create(engine, "dead", NULL, &project, &error));
    CHECK(is_text(archaeo_project_name(project), "dead"));
    CHECK(is_text(archaeo_job_id((archaeo_job*)project), ""));
    CHECK_REFUSED("no live handle", archaeo_engine_check((archaeo_engine*)project, &buffer, &error));
    CHECK_REFUSED("no live handle", archaeo_engine_check((archaeo_engine*)foreign, &buffer, &error));
    CHECK_REFUSED("no live handle", archaeo_lease_release((archaeo_lease*)engine, &error));
    archaeo_job_free((archaeo_job*)project); /* not a job: stays */
    CHECK(is_text(archaeo_project_name(project), "dead"));
    archaeo_project_free(project);
    archaeo_project_free(project);
    CHECK(is_text(archaeo_project_name(project), "") && archaeo_project_id(project) == 0);
    archaeo_buffer_free((archaeo_buffer*)foreign);
}

static void closed_engine(archaeo_engine* engine) {
    archaeo_error* error = NULL;
    archaeo_upload* upload = NULL;
    archaeo_worker* worker = NULL;
    archaeo_vectors* vectors = NULL;
    archaeo_buffer* buffer = NULL;
    archaeo_project* project = NULL;
    archaeo_lease* lease = claimed_job(engine);
    CHECK_OK(archaeo_project_create(engine, "closed", NULL, &project, &error));
    CHECK_OK(archaeo_upload_begin(engine, archaeo_project_id(project), "f.txt", NULL, &upload, &error));
    CHECK_OK(archaeo_upload_append(upload, "text", 4, &error));
    CHECK_OK(archaeo_worker_start(engine, &worker, &error));
    CHECK_OK(archaeo_engine_vectors(engine, &vectors, &error));
    archaeo_engine_close(engine);
    archaeo_engine_close(engine);
    CHECK_CODE(ARCHAEO_CONFLICT, "closed", archaeo_engine_interrupt(engine, 0, &error));
    CHECK_CODE(ARCHAEO_CONFLICT, "closed", archaeo_engine_check(engine, &buffer, &error));
    CHECK(archaeo_engine_dimension(engine) == 0);
    CHECK_CODE(ARCHAEO_CONFLICT, "closed", archaeo_lease_extend(lease, &error));
    CHECK_CODE(ARCHAEO_CONFLICT, "closed", archaeo_lease_complete(lease, NULL, 0, &error));
    CHECK_CODE(ARCHAEO_CONFLICT, "closed", archaeo_upload_append(upload, "text", 4, &error));
    CHECK_CODE(ARCHAEO_CONFLICT, "closed", archaeo_upload_finish(upload, NULL, NULL, &error));
    CHECK_CODE(ARCHAEO_CONFLICT, "closed", archaeo_worker_status(worker, &buffer, &error));
    CHECK_CODE(ARCHAEO_CONFLICT, "closed", archaeo_worker_stop(worker, &error));
    CHECK_CODE(ARCHAEO_CONFLICT, "closed", archaeo_vectors_delete(vectors, 1, 1, NULL, &error));
    CHECK(is_text(archaeo_lease_job_type(lease), "work"));
    CHECK(is_text(archaeo_project_name(project), "closed"));
    archaeo_project_free(project);
    archaeo_vectors_free(vectors);
    archaeo_worker_free(worker);
    archaeo_upload_free(upload);
    archaeo_lease_free(lease);
}

static void settled_lease(archaeo_engine* engine) {
    archaeo_error* error = NULL;
    archaeo_lease* lease = claimed_job(engine);
    CHECK_REFUSED("result_data", archaeo_lease_complete(lease, "no JSON", 7, &error));
    CHECK_OK(archaeo_lease_progress(lease, 1, 2, "half", &error));
    CHECK_REFUSED("current", archaeo_lease_progress(lease, -1, 2, NULL, &error));
    CHECK_REFUSED("wait_ms", archaeo_lease_delay(lease, NULL, -1, &error));
    CHECK_OK(archaeo_lease_complete(lease, NULL, 0, &error));
    CHECK_CODE(ARCHAEO_CONFLICT, "settled", archaeo_lease_complete(lease, NULL, 0, &error));
    CHECK_CODE(ARCHAEO_CONFLICT, "settled", archaeo_lease_extend(lease, &error));
    archaeo_lease_free(lease);
}

static void spent_upload(archaeo_engine* engine) {
    archaeo_error* error = NULL;
    archaeo_upload* upload = NULL;
    archaeo_project* project = NULL;
    CHECK_OK(archaeo_project_create(engine, "spent", NULL, &project, &error));
    CHECK_OK(archaeo_upload_begin(engine, archaeo_project_id(project), "a.txt", NULL, &upload, &error));
    CHECK_OK(archaeo_upload_append(upload, NULL, 0, &error));
    CHECK_OK(archaeo_upload_finish(upload, NULL, NULL, &error));
    CHECK_CODE(ARCHAEO_CONFLICT, "finished", archaeo_upload_finish(upload, NULL, NULL, &error));
    CHECK_CODE(ARCHAEO_CONFLICT, "finished", archaeo_upload_abort(upload, &error));
    archaeo_upload_free(upload);
    CHECK_OK(archaeo_upload_begin(engine, archaeo_project_id(project), "b.txt", NULL, &upload, &error));
    CHECK_OK(archaeo_upload_abort(upload, &error));
    CHECK_CODE(ARCHAEO_CONFLICT, "aborted", archaeo_upload_append(upload, "x", 1, &error));
    archaeo_upload_free(upload);
    archaeo_project_free(project);
}

void prove_dead(void) {
    archaeo_engine* engine = open_engine("data");
    freed_or_foreign(engine);
    settled_lease(engine);
    spent_upload(engine);
    closed_engine(engine);
}
