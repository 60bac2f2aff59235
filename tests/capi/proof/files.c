/* A file's way: up, processed, found, read back, changed, deleted; and an engine opened by a file of settings. */
#include <unistd.h>

#include "proof.h"

static void upload_and_wait(archaeo_engine* engine, int64_t project_id, archaeo_source** source_out) {
    archaeo_error* error = NULL;
    archaeo_upload* upload = NULL;
    archaeo_job* job = NULL;
    archaeo_job* done = NULL;
    archaeo_worker* worker = NULL;
    archaeo_worker* second = NULL;
    archaeo_upload_options options = {0};
    options.struct_size = sizeof options;
    options.priority = ARCHAEO_PRIORITY_HIGH;
    options.max_retries = ARCHAEO_NONE;
    options.metadata_json = "{\"from\":\"proof\"}";
    CHECK_OK(archaeo_upload_begin(engine, project_id, "notes/one.txt", &options, &upload, &error));
    CHECK_OK(archaeo_upload_append(upload, "The quarry opened in 1904.\n", 27, &error));
    CHECK_OK(archaeo_upload_append(upload, "Its pumps failed in winter.\n", 28, &error));
    CHECK_OK(archaeo_upload_finish(upload, source_out, &job, &error));
    CHECK(archaeo_job_status(job) >= ARCHAEO_JOB_PENDING && !archaeo_job_is_finished(job));
    CHECK(archaeo_job_priority(job) == ARCHAEO_PRIORITY_HIGH && is_text(archaeo_job_type(job), "file_processing"));
    CHECK(archaeo_job_source_id(job) == archaeo_source_id(*source_out));
    CHECK(archaeo_job_created_at_ms(job) > 0 && archaeo_job_finished_at_ms(job) == 0);
    CHECK_OK(archaeo_worker_start(engine, &worker, &error));
    CHECK_CODE(ARCHAEO_CONFLICT, "runs already", archaeo_worker_start(engine, &second, &error));
    CHECK(second == NULL);
    CHECK_OK(archaeo_job_wait(engine, archaeo_job_id(job).data, 30000, &done, &error));
    CHECK(archaeo_job_status(done) == ARCHAEO_JOB_COMPLETED && archaeo_job_is_finished(done));
    CHECK(strstr(archaeo_job_json(done).data, "\"attempts\":[{") != NULL);
    archaeo_worker_free(worker);
    archaeo_job_free(done);
    archaeo_job_free(job);
    archaeo_upload_free(upload);
}

static void search_and_read(archaeo_engine* engine, int64_t source_id) {
    archaeo_error* error = NULL;
    archaeo_hits* hits = NULL;
    archaeo_buffer* text = NULL;
    archaeo_source* source = NULL;
    archaeo_search_options options = {0};
    options.struct_size = sizeof options;
    options.mode = ARCHAEO_SEARCH_LITERAL;
    options.ignore_case = 1;
    options.path_glob = "notes/*";
    CHECK_OK(archaeo_search(engine, "PUMPS failed", 12, &options, &hits, &error));
    CHECK(archaeo_hits_count(hits) == 1 && archaeo_hits_total_found(hits) == 1);
    CHECK(is_text(archaeo_hits_source_name(hits, 0), "notes/one.txt") && archaeo_hits_first_line(hits, 0) == 2);
    CHECK(archaeo_hits_source_id(hits, 0) == source_id && archaeo_hits_chunk_id(hits, 0).size == 36);
    CHECK(strstr(archaeo_hits_json(hits).data, "\"results\":[{") != NULL);
    CHECK_OK(archaeo_source_text(engine, source_id, archaeo_hits_begin(hits, 0),
                                 (size_t)(archaeo_hits_end(hits, 0) - archaeo_hits_begin(hits, 0)), &text, &error));
    CHECK(is_text(archaeo_buffer_text(text), archaeo_hits_content(hits, 0).data));
    archaeo_buffer_free(text);
    CHECK(is_text(archaeo_hits_symbol(hits, 0), "") && is_text(archaeo_hits_before(hits, 0), ""));
    CHECK(is_text(archaeo_hits_after(hits, 0), "") && is_text(archaeo_hits_after(hits, 9), ""));
    archaeo_hits_free(hits);
    options.regex = 1;
    CHECK_OK(archaeo_search(engine, "pumps +f[a-z]+d", 15, &options, &hits, &error));
    CHECK(archaeo_hits_total_found(hits) == 1);
    archaeo_hits_free(hits);
    CHECK_CODE(ARCHAEO_INVALID_ARGUMENT, "(", archaeo_search(engine, "(", 1, &options, &hits, &error));
    options.regex = 0;
    options.context_lines = 101;
    CHECK_CODE(ARCHAEO_INVALID_ARGUMENT, "100", archaeo_search(engine, "x", 1, &options, &hits, &error));
    CHECK_OK(archaeo_source_get(engine, source_id, &source, &error));
    CHECK(archaeo_source_status(source) == ARCHAEO_SOURCE_SEARCHABLE && archaeo_source_chunk_count(source) == 1);
    CHECK(archaeo_source_file_size(source) == 55 && archaeo_source_content_hash(source).size == 64);
    CHECK(is_text(archaeo_source_metadata(source), "{\"from\":\"proof\"}"));
    archaeo_source_free(source);
    CHECK_OK(archaeo_source_chunks(engine, source_id, 1, 10, &text, &error));
    CHECK(strstr(archaeo_buffer_text(text).data, "The quarry") != NULL);
    archaeo_buffer_free(text);
}

static void change_and_delete(archaeo_engine* engine, int64_t project_id, int64_t source_id) {
    archaeo_error* error = NULL;
    archaeo_source* sources[10];
    archaeo_project* projects[10];
    archaeo_project* project = NULL;
    archaeo_job* job = NULL;
    size_t count = 0;
    int64_t total = 0;
    CHECK_OK(archaeo_source_set_metadata(engine, source_id, "{\"a\":1}", sources, &error));
    CHECK(is_text(archaeo_source_metadata(sources[0]), "{\"a\":1}"));
    archaeo_source_free(sources[0]);
    CHECK_OK(archaeo_source_reprocess(engine, source_id, 0, &job, &error));
    CHECK(job != NULL);
    archaeo_job_free(job);
    CHECK_OK(archaeo_source_list(engine, project_id, 0, 1, sources, 10, &count, &total, &error));
    CHECK(count == 1 && total == 1 && archaeo_source_id(sources[0]) == source_id);
    archaeo_source_free(sources[0]);
    CHECK_OK(archaeo_source_delete(engine, source_id, &error));
    CHECK_CODE(ARCHAEO_NOT_FOUND, "", archaeo_source_delete(engine, source_id, &error));
    CHECK_OK(archaeo_project_update(engine, project_id, "renamed", NULL, &project, &error));
    CHECK(is_text(archaeo_project_name(project), "renamed"));
    archaeo_project_free(project);
    CHECK_OK(archaeo_project_set_external_models(engine, project_id, ARCHAEO_EXTERNAL_DENIED, &project, &error));
    CHECK(archaeo_project_external_models(project) == ARCHAEO_EXTERNAL_DENIED);
    archaeo_project_free(project);
    CHECK_CODE(ARCHAEO_INVALID_ARGUMENT, "external_models is 2",
               archaeo_project_set_external_models(engine, project_id, 2, NULL, &error));
    CHECK_OK(archaeo_project_list(engine, 0, projects, 10, &count, &total, &error));
    CHECK(count == 1 && total == 1);
    archaeo_project_free(projects[0]);
    CHECK_OK(archaeo_project_list(engine, 1, projects, 10, &count, &total, &error));
    CHECK(count == 0 && total == 1);
    CHECK_OK(archaeo_project_delete(engine, project_id, &error));
    CHECK_CODE(ARCHAEO_NOT_FOUND, "", archaeo_project_get(engine, project_id, &project, &error));
}

static archaeo_engine* open_by_settings(void) {
    archaeo_error* error = NULL;
    archaeo_engine* engine = NULL;
    char* settings = folder("settings.conf");
    char* data = folder("data");
    FILE* file = fopen(settings, "w");
    CHECK(file != NULL);
    fprintf(file, "# settings\ndata = \"%s\"\nconcurrency = 2   # at once\nfile-max = 1M\n\nlease = 5\n", data);
    CHECK(fclose(file) == 0);
    CHECK_OK(archaeo_engine_open_file(settings, NULL, &engine, &error));
    file = fopen(settings, "a");
    CHECK(file != NULL && fputs("chunk-overlpa = 0.1\n", file) >= 0 && fclose(file) == 0);
    CHECK_REFUSED("line 7: \"chunk-overlpa\" is no setting", archaeo_engine_open_file(settings, NULL, &engine, &error));
    CHECK(unlink(settings) == 0);
    CHECK_CODE(ARCHAEO_NOT_FOUND, "settings.conf", archaeo_engine_open_file(settings, NULL, &engine, &error));
    CHECK(engine == NULL);
    engine = open_engine("data");
    free(settings);
    free(data);
    return engine;
}

static void upload_in_pieces(archaeo_engine* engine, int64_t project_id) {
    archaeo_error* error = NULL;
    archaeo_source* source = NULL;
    archaeo_job* job = NULL;
    uint64_t there = 9;
    CHECK_OK(archaeo_upload_piece(engine, project_id, "p.txt", NULL, 0, 11, "some ", 5, &there, &source, &job, &error));
    CHECK(there == 5 && source == NULL && job == NULL);
    CHECK_CODE(ARCHAEO_CONFLICT, "offset is 7",
               archaeo_upload_piece(engine, project_id, "p.txt", NULL, 7, 11, "ds", 2, &there, NULL, NULL, &error));
    CHECK(there == 0);
    CHECK_OK(archaeo_upload_piece(engine, project_id, "p.txt", NULL, 0, 11, NULL, 0, &there, NULL, NULL, &error));
    CHECK(there == 5);
    CHECK_REFUSED("total_bytes leaves", archaeo_upload_piece(engine, project_id, "p.txt", NULL, 5, 11, "pieces and", 10,
                                                             NULL, NULL, NULL, &error));
    CHECK_OK(
        archaeo_upload_piece(engine, project_id, "p.txt", NULL, 5, 11, "pieces", 6, &there, &source, &job, &error));
    CHECK(there == 11 && archaeo_source_file_size(source) == 11 && archaeo_job_status(job) == ARCHAEO_JOB_QUEUED);
    CHECK_CODE(ARCHAEO_TOO_LARGE, "total_bytes",
               archaeo_upload_piece(engine, project_id, "q", NULL, 0, UINT64_MAX, "x", 1, NULL, NULL, NULL, &error));
    CHECK_OK(archaeo_source_delete(engine, archaeo_source_id(source), &error));
    archaeo_source_free(source);
    archaeo_job_free(job);
}

static void ingest(archaeo_engine* engine) {
    archaeo_error* error = NULL;
    archaeo_buffer* report = NULL;
    char* path = folder("f.md");
    const char* paths[1];
    FILE* file = fopen(path, "w");
    paths[0] = path;
    CHECK(file != NULL && fputs("# Title\n\nwords\n", file) >= 0 && fclose(file) == 0);
    CHECK_OK(archaeo_engine_ingest(engine, "folder", paths, 1, NULL, &report, &error));
    CHECK(strstr(archaeo_buffer_text(report).data, "\"searchable\":1") != NULL);
    archaeo_buffer_free(report);
    CHECK_OK(archaeo_engine_check(engine, &report, &error));
    CHECK(archaeo_buffer_text(report).data[0] == '[');
    archaeo_buffer_free(report);
    free(path);
}

void prove_files(void) {
    archaeo_error* error = NULL;
    archaeo_project* project = NULL;
    archaeo_source* source = NULL;
    archaeo_engine* engine = open_by_settings();
    int64_t project_id;
    CHECK_OK(archaeo_project_create(engine, "files", "of the proof", &project, &error));
    project_id = archaeo_project_id(project);
    archaeo_project_free(project);
    CHECK_OK(archaeo_project_find(engine, "files", &project, &error));
    CHECK(archaeo_project_id(project) == project_id && archaeo_project_created_at_ms(project) > 0);
    archaeo_project_free(project);
    upload_in_pieces(engine, project_id);
    upload_and_wait(engine, project_id, &source);
    search_and_read(engine, archaeo_source_id(source));
    change_and_delete(engine, project_id, archaeo_source_id(source));
    archaeo_source_free(source);
    ingest(engine);
    archaeo_engine_close(engine);
}
