/* Every function with NULL for all that can be: a code, a message, zero or the empty text, and no crash. */
#include "proof.h"

static void calls_with_nothing(void) {
    archaeo_error* error = NULL;
    CHECK_REFUSED("NULL", archaeo_engine_open(NULL, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_engine_open_file(NULL, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_engine_interrupt(NULL, 0, &error));
    CHECK_REFUSED("NULL", archaeo_engine_ingest(NULL, NULL, NULL, 0, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_engine_check(NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_engine_embed(NULL, NULL, 0, 0, NULL, 0, &error));
    CHECK_REFUSED("NULL", archaeo_project_create(NULL, NULL, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_project_find(NULL, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_project_get(NULL, 0, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_project_list(NULL, 0, NULL, 0, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_project_update(NULL, 0, NULL, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_project_set_external_models(NULL, 0, 0, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_project_delete(NULL, 0, &error));
    CHECK_REFUSED("NULL", archaeo_source_get(NULL, 0, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_source_list(NULL, 0, 0, 0, NULL, 0, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_source_delete(NULL, 0, &error));
    CHECK_REFUSED("NULL", archaeo_source_set_metadata(NULL, 0, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_source_reprocess(NULL, 0, 0, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_source_content(NULL, 0, 0, 0, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_source_text(NULL, 0, 0, 0, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_source_chunks(NULL, 0, 0, 0, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_upload_path(NULL, 0, NULL, NULL, NULL, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_upload_bytes(NULL, 0, NULL, NULL, 0, NULL, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_upload_begin(NULL, 0, NULL, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_upload_append(NULL, NULL, 0, &error));
    CHECK_REFUSED("NULL", archaeo_upload_finish(NULL, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_upload_abort(NULL, &error));
    CHECK_REFUSED("NULL", archaeo_upload_piece(NULL, 0, NULL, NULL, 0, 0, NULL, 0, NULL, NULL, NULL, &error));
}

static void calls_of_jobs_with_nothing(void) {
    archaeo_error* error = NULL;
    CHECK_REFUSED("NULL", archaeo_job_get(NULL, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_job_list(NULL, NULL, 0, NULL, 0, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_job_wait(NULL, NULL, 0, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_job_cancel(NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_job_retry(NULL, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_job_delete(NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_job_set_priority(NULL, NULL, 0, &error));
    CHECK_REFUSED("NULL", archaeo_job_bulk(NULL, NULL, 0, 0, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_job_stats(NULL, 0, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_queue_enqueue(NULL, NULL, 0, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_queue_claim(NULL, NULL, NULL, 0, 0, NULL, 0, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_queue_join(NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_queue_leave(NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_queue_wake_fd(NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_queue_wake_clear(NULL, &error));
    CHECK_REFUSED("NULL", archaeo_queue_pause(NULL, &error));
    CHECK_REFUSED("NULL", archaeo_queue_resume(NULL, &error));
    CHECK_REFUSED("NULL", archaeo_queue_stats(NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_queue_history(NULL, 0, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_queue_workers(NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_queue_set_order(NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_queue_set_limit(NULL, 0, NULL, 0, &error));
    CHECK_REFUSED("NULL", archaeo_queue_remove_limit(NULL, 0, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_queue_settings(NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_periodic_set(NULL, NULL, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_periodic_remove(NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_periodic_list(NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_lease_extend(NULL, &error));
    CHECK_REFUSED("NULL", archaeo_lease_progress(NULL, 0, 0, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_lease_complete(NULL, NULL, 0, &error));
    CHECK_REFUSED("NULL", archaeo_lease_fail(NULL, NULL, 0, &error));
    CHECK_REFUSED("NULL", archaeo_lease_delay(NULL, NULL, 0, &error));
    CHECK_REFUSED("NULL", archaeo_lease_release(NULL, &error));
    CHECK_REFUSED("NULL", archaeo_worker_start(NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_worker_drain(NULL, 0, &error));
    CHECK_REFUSED("NULL", archaeo_worker_stop(NULL, &error));
    CHECK_REFUSED("NULL", archaeo_worker_status(NULL, NULL, &error));
}

static void calls_of_parts_with_nothing(archaeo_engine* engine) {
    archaeo_error* error = NULL;
    CHECK_REFUSED("NULL", archaeo_search(NULL, NULL, 0, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_events_poll(NULL, 0, NULL, 0, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_vectors_open(NULL, 0, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_engine_vectors(NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_vectors_upsert(NULL, NULL, NULL, 0, &error));
    CHECK_REFUSED("NULL", archaeo_vectors_delete(NULL, 0, 0, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_vectors_count(NULL, 0, 0, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_vectors_query(NULL, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_chunk(NULL, 0, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_analyze(NULL, 0, NULL, &error));
    /* nor does anything else in place of the error go wrong */
    CHECK(archaeo_engine_interrupt(NULL, 0, NULL) == ARCHAEO_INVALID_ARGUMENT);
    CHECK(archaeo_engine_check(engine, NULL, NULL) == ARCHAEO_INVALID_ARGUMENT);
}

static void calls_with_an_engine_only(archaeo_engine* engine) {
    archaeo_error* error = NULL;
    CHECK_REFUSED("NULL", archaeo_engine_ingest(engine, NULL, NULL, 0, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_engine_check(engine, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_project_create(engine, NULL, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_project_find(engine, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_project_get(engine, 0, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_project_list(engine, 0, NULL, 0, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_source_get(engine, 0, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_source_list(engine, 0, 0, 0, NULL, 0, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_source_content(engine, 0, 0, 0, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_source_text(engine, 0, 0, 0, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_source_chunks(engine, 0, 0, 0, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_upload_path(engine, 0, NULL, NULL, NULL, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_upload_bytes(engine, 0, NULL, NULL, 0, NULL, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_upload_begin(engine, 0, NULL, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_job_get(engine, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_job_list(engine, NULL, 0, NULL, 0, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_job_wait(engine, NULL, 0, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_job_cancel(engine, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_job_retry(engine, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_job_delete(engine, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_job_set_priority(engine, NULL, 0, &error));
    CHECK_REFUSED("NULL", archaeo_job_stats(engine, 0, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_queue_claim(engine, NULL, NULL, 0, 0, NULL, 0, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_queue_join(engine, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_queue_leave(engine, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_queue_wake_fd(engine, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_queue_stats(engine, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_queue_history(engine, 0, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_queue_workers(engine, NULL, &error));
    CHECK_REFUSED("either", archaeo_queue_set_limit(engine, 0, NULL, 0, &error));
    CHECK_REFUSED("NULL", archaeo_queue_settings(engine, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_periodic_set(engine, NULL, NULL, NULL, &error));
    CHECK_REFUSED("job is NULL", archaeo_periodic_set(engine, "a", "@daily", NULL, &error));
    CHECK_REFUSED("NULL", archaeo_periodic_remove(engine, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_periodic_list(engine, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_job_bulk(engine, NULL, 0, 0, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_upload_piece(engine, 0, NULL, NULL, 0, 0, NULL, 0, NULL, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_worker_start(engine, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_search(engine, NULL, 0, NULL, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_events_poll(engine, 0, NULL, 0, NULL, &error));
    CHECK_REFUSED("NULL", archaeo_engine_vectors(engine, NULL, &error));
}

static void no_buffers_projects_and_sources(void) {
    CHECK(is_text(archaeo_buffer_text(NULL), ""));
    CHECK(archaeo_error_code(NULL) == 0);
    CHECK(is_text(archaeo_error_message(NULL), ""));
    CHECK(archaeo_error_is_retriable(NULL) == 0);
    CHECK(archaeo_engine_dimension(NULL) == 0);
    CHECK(archaeo_project_id(NULL) == 0);
    CHECK(is_text(archaeo_project_name(NULL), ""));
    CHECK(is_text(archaeo_project_description(NULL), ""));
    CHECK(archaeo_project_created_at_ms(NULL) == 0);
    CHECK(archaeo_project_source_count(NULL) == 0);
    CHECK(archaeo_project_external_models(NULL) == 0);
    CHECK(is_text(archaeo_project_json(NULL), ""));
    CHECK(archaeo_source_id(NULL) == 0);
    CHECK(archaeo_source_project_id(NULL) == 0);
    CHECK(is_text(archaeo_source_filename(NULL), ""));
    CHECK(archaeo_source_version(NULL) == 0);
    CHECK(is_text(archaeo_source_content_hash(NULL), ""));
    CHECK(archaeo_source_file_size(NULL) == 0);
    CHECK(is_text(archaeo_source_file_type(NULL), ""));
    CHECK(is_text(archaeo_source_language(NULL), ""));
    CHECK(is_text(archaeo_source_metadata(NULL), ""));
    CHECK(archaeo_source_status(NULL) == 0);
    CHECK(is_text(archaeo_source_reason(NULL), ""));
    CHECK(archaeo_source_chunk_count(NULL) == 0);
    CHECK(is_text(archaeo_source_job_id(NULL), ""));
    CHECK(is_text(archaeo_source_json(NULL), ""));
}

static void no_jobs_and_leases(void) {
    CHECK(is_text(archaeo_job_id(NULL), ""));
    CHECK(is_text(archaeo_job_type(NULL), ""));
    CHECK(archaeo_job_status(NULL) == 0);
    CHECK(archaeo_job_is_finished(NULL) == 0);
    CHECK(archaeo_job_priority(NULL) == 0);
    CHECK(archaeo_job_project_id(NULL) == 0);
    CHECK(archaeo_job_source_id(NULL) == 0);
    CHECK(is_text(archaeo_job_data(NULL), ""));
    CHECK(is_text(archaeo_job_result(NULL), ""));
    CHECK(is_text(archaeo_job_error_message(NULL), ""));
    CHECK(archaeo_job_created_at_ms(NULL) == 0);
    CHECK(archaeo_job_finished_at_ms(NULL) == 0);
    CHECK(archaeo_job_progress_current(NULL) == 0);
    CHECK(archaeo_job_progress_total(NULL) == 0);
    CHECK(is_text(archaeo_job_progress_message(NULL), ""));
    CHECK(is_text(archaeo_job_worker_id(NULL), ""));
    CHECK(archaeo_job_retry_count(NULL) == 0);
    CHECK(is_text(archaeo_job_json(NULL), ""));
    CHECK(is_text(archaeo_lease_job_id(NULL), ""));
    CHECK(is_text(archaeo_lease_job_type(NULL), ""));
    CHECK(is_text(archaeo_lease_data(NULL), ""));
    CHECK(archaeo_lease_attempt(NULL) == 0);
    CHECK(archaeo_lease_epoch(NULL) == 0);
    CHECK(archaeo_lease_priority(NULL) == 0);
    CHECK(archaeo_lease_project_id(NULL) == 0);
    CHECK(archaeo_lease_source_id(NULL) == 0);
    CHECK(archaeo_lease_until_ms(NULL) == 0);
    CHECK(archaeo_lease_deadline_ms(NULL) == 0);
}

static void no_finds(void) {
    CHECK(archaeo_hits_count(NULL) == 0);
    CHECK(archaeo_hits_total_found(NULL) == 0);
    CHECK(is_text(archaeo_hits_chunk_id(NULL, 0), ""));
    CHECK(is_text(archaeo_hits_content(NULL, 0), ""));
    CHECK(archaeo_hits_score(NULL, 0) == 0);
    CHECK(archaeo_hits_project_id(NULL, 0) == 0);
    CHECK(archaeo_hits_source_id(NULL, 0) == 0);
    CHECK(is_text(archaeo_hits_source_name(NULL, 0), ""));
    CHECK(is_text(archaeo_hits_heading(NULL, 0), ""));
    CHECK(is_text(archaeo_hits_symbol(NULL, 0), ""));
    CHECK(is_text(archaeo_hits_before(NULL, 0), ""));
    CHECK(is_text(archaeo_hits_after(NULL, 0), ""));
    CHECK(archaeo_hits_begin(NULL, 0) == 0);
    CHECK(archaeo_hits_end(NULL, 0) == 0);
    CHECK(archaeo_hits_first_line(NULL, 0) == 0);
    CHECK(archaeo_hits_last_line(NULL, 0) == 0);
    CHECK(is_text(archaeo_hits_note(NULL), ""));
    CHECK(is_text(archaeo_hits_json(NULL), ""));
    CHECK(archaeo_events_count(NULL) == 0);
    CHECK(archaeo_events_cursor(NULL) == 0);
    CHECK(archaeo_events_oldest_id(NULL) == 0);
    CHECK(archaeo_events_newest_id(NULL) == 0);
    CHECK(archaeo_events_id(NULL, 0) == 0);
    CHECK(archaeo_events_at_ms(NULL, 0) == 0);
    CHECK(is_text(archaeo_events_kind(NULL, 0), ""));
    CHECK(is_text(archaeo_events_job_id(NULL, 0), ""));
    CHECK(archaeo_events_project_id(NULL, 0) == 0);
    CHECK(archaeo_events_source_id(NULL, 0) == 0);
    CHECK(is_text(archaeo_events_json(NULL, 0), ""));
    CHECK(archaeo_vector_hits_count(NULL) == 0);
    CHECK(is_text(archaeo_vector_hits_point_id(NULL, 0), ""));
    CHECK(archaeo_vector_hits_source_id(NULL, 0) == 0);
    CHECK(is_text(archaeo_vector_hits_generation(NULL, 0), ""));
    CHECK(archaeo_vector_hits_ordinal(NULL, 0) == 0);
    CHECK(archaeo_vector_hits_score(NULL, 0) == 0);
    CHECK(is_text(archaeo_vector_hits_text(NULL, 0), ""));
    CHECK(is_text(archaeo_vector_hits_heading(NULL, 0), ""));
    CHECK(archaeo_vector_hits_begin(NULL, 0) == 0);
    CHECK(archaeo_vector_hits_end(NULL, 0) == 0);
    CHECK(archaeo_vector_hits_first_line(NULL, 0) == 0);
    CHECK(archaeo_vector_hits_last_line(NULL, 0) == 0);
    CHECK(archaeo_chunks_count(NULL) == 0);
    CHECK(archaeo_chunks_begin(NULL, 0) == 0);
    CHECK(archaeo_chunks_end(NULL, 0) == 0);
    CHECK(archaeo_chunks_context_begin(NULL, 0) == 0);
    CHECK(archaeo_chunks_context_end(NULL, 0) == 0);
    CHECK(archaeo_chunks_first_line(NULL, 0) == 0);
    CHECK(archaeo_chunks_last_line(NULL, 0) == 0);
    CHECK(archaeo_chunks_tokens(NULL, 0) == 0);
    CHECK(is_text(archaeo_chunks_heading(NULL, 0), ""));
    CHECK(archaeo_chunks_copy(NULL, 0, 0, NULL) == 0);
    CHECK(archaeo_terms_count(NULL) == 0);
    CHECK(is_text(archaeo_terms_text(NULL, 0), ""));
    CHECK(archaeo_terms_begin(NULL, 0) == 0);
    CHECK(archaeo_terms_end(NULL, 0) == 0);
    CHECK(archaeo_terms_same_position(NULL, 0) == 0);
    CHECK(archaeo_terms_copy(NULL, 0, 0, NULL, NULL) == 0);
}

static void frees_of_nothing(void) {
    archaeo_buffer_free(NULL);
    archaeo_error_free(NULL);
    archaeo_engine_close(NULL);
    archaeo_project_free(NULL);
    archaeo_source_free(NULL);
    archaeo_upload_free(NULL);
    archaeo_job_free(NULL);
    archaeo_lease_free(NULL);
    archaeo_worker_free(NULL);
    archaeo_hits_free(NULL);
    archaeo_events_free(NULL);
    archaeo_vectors_free(NULL);
    archaeo_vector_hits_free(NULL);
    archaeo_chunks_free(NULL);
    archaeo_terms_free(NULL);
}

void prove_null(void) {
    archaeo_engine* engine = open_engine("data");
    archaeo_error* error = archaeo_error_new(-1, NULL);
    CHECK(archaeo_error_code(error) == ARCHAEO_INTERNAL && is_text(archaeo_error_message(error), ""));
    archaeo_error_free(error);
    CHECK(archaeo_abi_version() == ARCHAEO_ABI_VERSION && archaeo_version_string()[0] != '\0');
    CHECK(strcmp(archaeo_code_name(12345), "unknown") == 0 && strcmp(archaeo_code_name(0), "ok") == 0);
    calls_with_nothing();
    calls_of_jobs_with_nothing();
    calls_of_parts_with_nothing(engine);
    calls_with_an_engine_only(engine);
    no_buffers_projects_and_sources();
    no_jobs_and_leases();
    no_finds();
    frees_of_nothing();
    archaeo_engine_close(engine);
}
