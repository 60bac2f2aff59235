/* Brings a model of its own, here a toy that knows colours, and asks by meaning: own_embedder DATA_DIR */
#include <archaeologist/archaeologist.h>
#include <stdio.h>
#include <string.h>

enum { DIMENSION = 3 }; /* red, green, blue */

static const struct {
    const char* word;
    float colour[DIMENSION];
} known[] = {{"rose", {1, 0.2f, 0.3f}}, {"blood", {1, 0, 0}},  {"grass", {0.1f, 1, 0}},
             {"leaf", {0, 1, 0.1f}},    {"sea", {0, 0.3f, 1}}, {"sky", {0.1f, 0.2f, 1}}};

/* Called on several threads at once: what it shares must bear that. A real one would ask its model here, for all texts in one go. */
static int32_t embed(const archaeo_str* texts, size_t text_count, int32_t role, float* vectors,
                     archaeo_error** error_out, void* user_data) {
    size_t i;
    size_t word;
    size_t axis;
    (void)role; /* models that tell questions from documents look at it */
    (void)user_data;
    for (i = 0; i < text_count; ++i, vectors += DIMENSION) {
        if (strstr(texts[i].data, "infrared") != NULL) {
            *error_out = archaeo_error_new(ARCHAEO_UNAVAILABLE, "this model sees no infrared yet");
            return ARCHAEO_UNAVAILABLE; /* retriable: the job comes back later */
        }
        memset(vectors, 0, DIMENSION * sizeof *vectors);
        for (word = 0; word < sizeof known / sizeof *known; ++word) {
            if (strstr(texts[i].data, known[word].word) == NULL) continue;
            for (axis = 0; axis < DIMENSION; ++axis) vectors[axis] += known[word].colour[axis];
        }
    }
    return ARCHAEO_OK;
}

static int32_t add(archaeo_engine* engine, int64_t project_id, const char* name, const char* text,
                   archaeo_error** error_out) {
    archaeo_job* job = NULL;
    archaeo_job* done = NULL;
    int32_t code = archaeo_upload_bytes(engine, project_id, name, text, strlen(text), NULL, NULL, &job, error_out);
    if (code == ARCHAEO_OK && job != NULL) {
        code = archaeo_job_wait(engine, archaeo_job_id(job).data, ARCHAEO_FOREVER, &done, error_out);
    }
    archaeo_job_free(done);
    archaeo_job_free(job);
    return code;
}

static int32_t ask(archaeo_engine* engine, const char* question, archaeo_error** error_out) {
    archaeo_search_options options = {0};
    archaeo_hits* hits = NULL;
    int32_t code;
    options.struct_size = sizeof options;
    options.mode = ARCHAEO_SEARCH_SEMANTIC;
    options.limit = 1;
    code = archaeo_search(engine, question, strlen(question), &options, &hits, error_out);
    if (code == ARCHAEO_OK) printf("%s: %s\n", question, archaeo_hits_source_name(hits, 0).data);
    archaeo_hits_free(hits);
    return code;
}

static int32_t run(archaeo_engine* engine, archaeo_error** error_out) {
    archaeo_project* project = NULL;
    archaeo_worker* worker = NULL;
    int32_t code = archaeo_project_create(engine, "colours", NULL, &project, error_out);
    const int64_t id = archaeo_project_id(project);
    archaeo_project_free(project);
    if (code == ARCHAEO_OK) code = archaeo_worker_start(engine, &worker, error_out);
    if (code == ARCHAEO_OK) code = add(engine, id, "meadow.txt", "a leaf of grass", error_out);
    if (code == ARCHAEO_OK) code = add(engine, id, "coast.txt", "the sea under the sky", error_out);
    if (code == ARCHAEO_OK) code = ask(engine, "which leaf", error_out);
    if (code == ARCHAEO_OK) code = ask(engine, "what has the sky", error_out);
    archaeo_worker_free(worker);
    return code;
}

int main(int argc, char** argv) {
    archaeo_embedder embedder = {0};
    archaeo_options options = {0};
    archaeo_engine* engine = NULL;
    archaeo_error* error = NULL;
    int32_t code;

    if (argc != 2) return fputs("usage: own_embedder DATA_DIR (a new one)\n", stderr), 2;
    embedder.struct_size = sizeof embedder;
    embedder.dimension = DIMENSION;
    embedder.model_id = "colours-3";
    embedder.matches_meaning = 1;
    embedder.embed = embed;
    options.struct_size = sizeof options;
    options.embedder = &embedder;
    code = archaeo_engine_open(argv[1], &options, &engine, &error);
    if (code == ARCHAEO_OK) code = run(engine, &error);
    if (error != NULL) fprintf(stderr, "own_embedder: %s\n", archaeo_error_message(error).data);
    archaeo_error_free(error);
    archaeo_engine_close(engine);
    return code == ARCHAEO_OK ? 0 : 1;
}
