/* After a fork the parent's handles are refused in the child, and nothing of the parent's comes to harm. */
#include <sys/wait.h>
#include <unistd.h>

#include "proof.h"

typedef struct parents {
    archaeo_engine* engine;
    archaeo_lease* lease;
    archaeo_upload* upload;
    archaeo_worker* worker;
    archaeo_vectors* vectors;
    archaeo_project* project;
} parents;

static void in_child(const parents* all) {
    archaeo_error* error = NULL;
    archaeo_buffer* buffer = NULL;
    archaeo_engine* own = NULL;
    archaeo_vectors* vectors = NULL;
    archaeo_chunks* chunks = NULL;
    char* path = folder("child");
    CHECK_CODE(ARCHAEO_CONFLICT, "forked", archaeo_engine_check(all->engine, &buffer, &error));
    CHECK_CODE(ARCHAEO_CONFLICT, "forked", archaeo_lease_complete(all->lease, NULL, 0, &error));
    CHECK_CODE(ARCHAEO_CONFLICT, "forked", archaeo_upload_append(all->upload, "child", 5, &error));
    CHECK_CODE(ARCHAEO_CONFLICT, "forked", archaeo_worker_stop(all->worker, &error));
    CHECK_CODE(ARCHAEO_CONFLICT, "forked", archaeo_vectors_delete(all->vectors, 1, 1, NULL, &error));
    CHECK_CODE(ARCHAEO_CONFLICT, "was forked while", archaeo_engine_open(path, NULL, &own, &error));
    CHECK_CODE(ARCHAEO_CONFLICT, "was forked while", archaeo_vectors_open(path, 2, &vectors, &error));
    /* Copies of data are the child's as well, and what needs no engine works. */
    CHECK(is_text(archaeo_project_name(all->project), "fork"));
    CHECK_OK(archaeo_chunk("text", 4, NULL, &chunks, &error));
    archaeo_chunks_free(chunks);
    archaeo_project_free(all->project);
    archaeo_vectors_free(all->vectors);
    archaeo_upload_free(all->upload);
    archaeo_lease_free(all->lease);
    archaeo_worker_free(all->worker);
    archaeo_engine_close(all->engine);
    CHECK_CODE(ARCHAEO_CONFLICT, "forked", archaeo_engine_check(all->engine, &buffer, &error));
    free(path);
    _exit(0);
}

/* A child of a parent that has closed everything may open what it likes. */
static void in_later_child(void) {
    archaeo_engine* own = open_engine("data");
    archaeo_lease_free(claimed_job(own));
    archaeo_engine_close(own);
    _exit(0);
}

static void check_child(pid_t child) {
    int status = 0;
    CHECK(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

void prove_fork(void) {
    archaeo_error* error = NULL;
    archaeo_source* source = NULL;
    archaeo_buffer* content = NULL;
    parents all;
    pid_t child;
    all.engine = open_engine("data");
    CHECK_OK(archaeo_project_create(all.engine, "fork", NULL, &all.project, &error));
    all.lease = claimed_job(all.engine);
    CHECK_OK(archaeo_upload_begin(all.engine, archaeo_project_id(all.project), "f.txt", NULL, &all.upload, &error));
    CHECK_OK(archaeo_upload_append(all.upload, "parent", 6, &error));
    CHECK_OK(archaeo_worker_start(all.engine, &all.worker, &error));
    CHECK_OK(archaeo_engine_vectors(all.engine, &all.vectors, &error));
    child = fork();
    if (child == 0) in_child(&all);
    check_child(child);
    CHECK_OK(archaeo_lease_complete(all.lease, NULL, 0, &error));
    CHECK_OK(archaeo_upload_append(all.upload, " only", 5, &error));
    CHECK_OK(archaeo_upload_finish(all.upload, &source, NULL, &error));
    CHECK_OK(archaeo_source_content(all.engine, archaeo_source_id(source), 0, 100, &content, &error));
    CHECK(is_text(archaeo_buffer_text(content), "parent only"));
    archaeo_buffer_free(content);
    archaeo_source_free(source);
    archaeo_vectors_free(all.vectors);
    archaeo_worker_free(all.worker);
    archaeo_upload_free(all.upload);
    archaeo_lease_free(all.lease);
    archaeo_project_free(all.project);
    archaeo_engine_close(all.engine);
    child = fork();
    if (child == 0) in_later_child();
    check_child(child);
}
