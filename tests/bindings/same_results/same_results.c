/* The C way: same_results DATA FOLDER NAMES QUESTIONS; same_results_test.py says what it prints. */
#include <archaeologist/archaeologist.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 2000, LINE_MAX = 4096 };

static int64_t source_ids[FILES_MAX];
static char job_ids[FILES_MAX][37];

static void need(int32_t code, archaeo_error* error) {
    if (code == ARCHAEO_OK) return;
    fprintf(stderr, "%s\n", archaeo_error_message(error).data);
    exit(1);
}

static FILE* open_list(const char* path) {
    FILE* list = fopen(path, "r");
    if (list == NULL) exit(1);
    return list;
}

/* Without the line's end; 0 at the list's. */
static int next_line(FILE* list, char* line) {
    if (fgets(line, LINE_MAX, list) == NULL) return 0;
    line[strcspn(line, "\n")] = '\0';
    return 1;
}

static size_t upload(archaeo_engine* engine, const char* folder, const char* names) {
    char name[LINE_MAX];
    char path[2 * LINE_MAX];
    size_t count = 0;
    archaeo_error* error = NULL;
    archaeo_project* project = NULL;
    FILE* list = open_list(names);
    need(archaeo_project_create(engine, "same", NULL, &project, &error), error);
    while (count < FILES_MAX && next_line(list, name)) {
        archaeo_source* source = NULL;
        archaeo_job* job = NULL;
        snprintf(path, sizeof path, "%s/%s", folder, name);
        need(archaeo_upload_path(engine, archaeo_project_id(project), name, path, NULL, &source, &job, &error), error);
        source_ids[count] = archaeo_source_id(source);
        memcpy(job_ids[count], archaeo_job_id(job).data, sizeof job_ids[count]);
        archaeo_source_free(source);
        archaeo_job_free(job);
        ++count;
    }
    fclose(list);
    archaeo_project_free(project);
    return count;
}

static void wait_for(archaeo_engine* engine, size_t count) {
    size_t i;
    for (i = 0; i < count; ++i) {
        archaeo_error* error = NULL;
        archaeo_job* job = NULL;
        need(archaeo_job_wait(engine, job_ids[i], ARCHAEO_FOREVER, &job, &error), error);
        archaeo_job_free(job);
    }
}

static void tell_source(archaeo_engine* engine, int64_t id) {
    archaeo_error* error = NULL;
    archaeo_source* source = NULL;
    archaeo_buffer* chunks = NULL;
    need(archaeo_source_get(engine, id, &source, &error), error);
    printf("source\t%s\t%d\t%llu\n", archaeo_source_filename(source).data, (int)archaeo_source_status(source),
           (unsigned long long)archaeo_source_chunk_count(source));
    need(archaeo_source_chunks(engine, id, 1, 1000, &chunks, &error), error);
    printf("chunks\t%s\n", archaeo_buffer_text(chunks).data);
    archaeo_buffer_free(chunks);
    archaeo_source_free(source);
}

static void ask(archaeo_engine* engine, const char* questions) {
    char line[LINE_MAX];
    FILE* list = open_list(questions);
    while (next_line(list, line)) {
        archaeo_search_options options;
        archaeo_error* error = NULL;
        archaeo_hits* hits = NULL;
        char* query = NULL;
        size_t i;
        memset(&options, 0, sizeof options);
        options.struct_size = sizeof options;
        options.mode = (int32_t)strtol(line, &query, 10);
        options.limit = (uint32_t)strtoul(query, &query, 10);
        ++query; /* the blank */
        need(archaeo_search(engine, query, strlen(query), &options, &hits, &error), error);
        printf("query\t%d\t%s\t%llu\n", (int)options.mode, query, (unsigned long long)archaeo_hits_total_found(hits));
        for (i = 0; i < archaeo_hits_count(hits); ++i) {
            printf("hit\t%s\t%.6f\t%s\t%llu\t%llu\n", archaeo_hits_chunk_id(hits, i).data, archaeo_hits_score(hits, i),
                   archaeo_hits_source_name(hits, i).data, (unsigned long long)archaeo_hits_begin(hits, i),
                   (unsigned long long)archaeo_hits_first_line(hits, i));
        }
        archaeo_hits_free(hits);
    }
    fclose(list);
}

int main(int argc, char** argv) {
    archaeo_error* error = NULL;
    archaeo_engine* engine = NULL;
    archaeo_worker* worker = NULL;
    size_t count;
    size_t i;
    if (argc != 5) return 2;
    need(archaeo_engine_open(argv[1], NULL, &engine, &error), error);
    need(archaeo_worker_start(engine, &worker, &error), error);
    count = upload(engine, argv[2], argv[3]);
    wait_for(engine, count);
    for (i = 0; i < count; ++i) tell_source(engine, source_ids[i]);
    ask(engine, argv[4]);
    archaeo_worker_free(worker);
    archaeo_engine_close(engine);
    return 0;
}
