/* Everything a program can hold, freed in many orders, the engine at any place among them, and all of it twice. */
#include "proof.h"

enum { HELD = 15, ORDERS = 12 };

typedef struct held {
    void* handle;
    void (*release)(void*);
} held;

#define RELEASE(noun, verb) \
    static void release_##noun(void* handle) { archaeo_##noun##_##verb(handle); }
RELEASE(engine, close)
RELEASE(error, free)
RELEASE(buffer, free)
RELEASE(project, free)
RELEASE(source, free)
RELEASE(job, free)
RELEASE(upload, free)
RELEASE(lease, free)
RELEASE(worker, free)
RELEASE(hits, free)
RELEASE(events, free)
RELEASE(vectors, free)
RELEASE(vector_hits, free)
RELEASE(chunks, free)
RELEASE(terms, free)

static void hold(held* all, size_t* count, void* handle, void (*release)(void*)) {
    CHECK(handle != NULL && *count < HELD);
    all[*count].handle = handle;
    all[(*count)++].release = release;
}

static void hold_data(held* all, size_t* count, archaeo_engine* engine) {
    archaeo_error* error = NULL;
    archaeo_project* project = NULL;
    archaeo_source* source = NULL;
    archaeo_job* job = NULL;
    archaeo_upload* upload = NULL;
    archaeo_buffer* buffer = NULL;
    if (archaeo_project_find(engine, "order", &project, NULL) != ARCHAEO_OK) {
        CHECK_OK(archaeo_project_create(engine, "order", "of frees", &project, &error));
    }
    archaeo_upload_options again;
    memset(&again, 0, sizeof again);
    again.struct_size = sizeof again;
    again.if_unchanged = ARCHAEO_UNCHANGED_PROCESS;
    CHECK_OK(archaeo_upload_bytes(engine, archaeo_project_id(project), "a.txt", "some text", 9, &again, &source, &job,
                                  &error));
    CHECK_OK(archaeo_upload_begin(engine, archaeo_project_id(project), "b.txt", NULL, &upload, &error));
    CHECK_OK(archaeo_upload_append(upload, "more", 4, &error));
    CHECK_OK(archaeo_queue_stats(engine, &buffer, &error));
    hold(all, count, project, release_project);
    hold(all, count, source, release_source);
    hold(all, count, job, release_job);
    hold(all, count, upload, release_upload);
    hold(all, count, buffer, release_buffer);
}

static void hold_work(held* all, size_t* count, archaeo_engine* engine) {
    archaeo_error* error = NULL;
    archaeo_worker* worker = NULL;
    archaeo_hits* hits = NULL;
    archaeo_events* events = NULL;
    archaeo_vectors* vectors = NULL;
    archaeo_vector_hits* vector_hits = NULL;
    archaeo_chunks* chunks = NULL;
    archaeo_terms* terms = NULL;
    archaeo_vector_query query;
    memset(&query, 0, sizeof query);
    query.struct_size = sizeof query;
    query.project_id = 1;
    query.nearest_to = "text";
    query.nearest_to_size = 4;
    hold(all, count, claimed_job(engine), release_lease);
    CHECK_OK(archaeo_worker_start(engine, &worker, &error));
    CHECK_OK(archaeo_search(engine, "text", 4, NULL, &hits, &error));
    CHECK_OK(archaeo_events_poll(engine, 0, NULL, 0, &events, &error));
    CHECK_OK(archaeo_engine_vectors(engine, &vectors, &error));
    CHECK_OK(archaeo_vectors_query(vectors, &query, &vector_hits, &error));
    CHECK_OK(archaeo_chunk("some text", 9, NULL, &chunks, &error));
    CHECK_OK(archaeo_analyze("some text", 9, &terms, &error));
    hold(all, count, worker, release_worker);
    hold(all, count, hits, release_hits);
    hold(all, count, events, release_events);
    hold(all, count, vectors, release_vectors);
    hold(all, count, vector_hits, release_vector_hits);
    hold(all, count, chunks, release_chunks);
    hold(all, count, terms, release_terms);
    hold(all, count, archaeo_error_new(ARCHAEO_NOT_FOUND, "not there"), release_error);
}

/* A fixed shuffle for each number; 0 keeps the order, 1 turns it round. */
static void arrange(held* all, size_t count, unsigned number) {
    unsigned random = number * 2654435761u + 1;
    size_t i;
    if (number == 0) return;
    for (i = 0; i < count; ++i) {
        size_t other = count - 1 - i;
        if (number == 1 && other <= i) return;
        if (number > 1) {
            random = random * 1664525u + 1013904223u;
            other = (random >> 8) % count;
        }
        held swapped = all[i];
        all[i] = all[other];
        all[other] = swapped;
    }
}

void prove_order(void) {
    unsigned number;
    for (number = 0; number < ORDERS; ++number) {
        held all[HELD];
        size_t count = 0;
        size_t i;
        char name[16];
        archaeo_engine* engine;
        snprintf(name, sizeof name, "data-%u", number); /* a lease left behind would come again to the next */
        engine = open_engine(name);
        hold(all, &count, engine, release_engine);
        hold_data(all, &count, engine);
        hold_work(all, &count, engine);
        CHECK(count == HELD);
        arrange(all, count, number);
        for (i = 0; i < count; ++i) all[i].release(all[i].handle);
        for (i = 0; i < count; ++i) all[i].release(all[i].handle);
    }
}
