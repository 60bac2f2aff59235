/* proof PART FOLDER: shows that one part of what archaeologist.h promises holds. */
#include <sys/stat.h>

#include "proof.h"

static const char* work_folder;

void check_code(int32_t expected, const char* text, int32_t code, archaeo_error** error, const char* file, int line,
                const char* call) {
    const char* message = archaeo_error_message(*error).data;
    if (code != expected || (code == ARCHAEO_OK) != (*error == NULL) || archaeo_error_code(*error) != code ||
        strstr(message, text) == NULL) {
        fprintf(stderr, "%s:%d: %s\n  gave %s \"%s\", expected %s \"...%s...\"\n", file, line, call,
                archaeo_code_name(code), message, archaeo_code_name(expected), text);
        exit(1);
    }
    archaeo_error_free(*error);
    *error = NULL;
}

int is_text(archaeo_str text, const char* expected) {
    return text.size == strlen(expected) && strcmp(text.data, expected) == 0;
}

char* folder(const char* name) {
    const size_t size = strlen(work_folder) + strlen(name) + 2;
    char* path = malloc(size);
    CHECK(path != NULL);
    snprintf(path, size, "%s/%s", work_folder, name);
    return path;
}

archaeo_engine* open_engine(const char* name) {
    archaeo_error* error = NULL;
    archaeo_engine* engine = NULL;
    char* path = folder(name);
    CHECK_OK(archaeo_engine_open(path, NULL, &engine, &error));
    free(path);
    return engine;
}

archaeo_lease* claimed_job(archaeo_engine* engine) {
    archaeo_error* error = NULL;
    archaeo_lease* lease = NULL;
    size_t count = 0;
    const char* type = "work";
    archaeo_new_job job;
    memset(&job, 0, sizeof job);
    job.struct_size = sizeof job;
    job.job_type = type;
    CHECK_OK(archaeo_queue_enqueue(engine, &job, 1, NULL, NULL, &error));
    CHECK_OK(archaeo_queue_claim(engine, "me", &type, 1, 0, &lease, 1, &count, &error));
    CHECK(count == 1 && lease != NULL);
    return lease;
}

int main(int argc, char** argv) {
    static const struct {
        const char* name;
        void (*prove)(void);
    } parts[] = {{"null", prove_null},
                 {"dead", prove_dead},
                 {"order", prove_order},
                 {"huge", prove_huge},
                 {"enumerators", prove_enumerators},
                 {"struct_size", prove_struct_size},
                 {"threads", prove_threads},
                 {"interrupt", prove_interrupt},
                 {"fork", prove_fork},
                 {"files", prove_files},
                 {"queue", prove_queue},
                 {"manage", prove_manage},
                 {"vectors", prove_vectors},
                 {"embedder", prove_embedder}};
    size_t i;
    if (argc != 3) return fputs("usage: proof PART FOLDER (which must not exist)\n", stderr), 2;
    work_folder = argv[2];
    if (mkdir(work_folder, 0700) != 0) return perror(work_folder), 2;
    for (i = 0; i < sizeof parts / sizeof *parts; ++i) {
        if (strcmp(parts[i].name, argv[1]) != 0) continue;
        parts[i].prove();
        return 0;
    }
    return fprintf(stderr, "\"%s\" is no part\n", argv[1]), 2;
}
