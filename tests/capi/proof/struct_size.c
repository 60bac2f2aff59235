/* The rule of struct_size: older programs work, newer ones that ask for what is not known are refused. */
#include "proof.h"

/* What a later header might have. */
typedef struct later_options {
    archaeo_chunk_options known;
    int64_t unknown;
} later_options;

static size_t chunks_of(const archaeo_chunk_options* options) {
    archaeo_error* error = NULL;
    archaeo_chunks* chunks = NULL;
    char text[4000];
    size_t count;
    memset(text, 'a', sizeof text);
    for (count = 4; count < sizeof text; count += 5) text[count] = ' ';
    CHECK_OK(archaeo_chunk(text, sizeof text, options, &chunks, &error));
    count = archaeo_chunks_count(chunks);
    archaeo_chunks_free(chunks);
    return count;
}

static void sizes(void) {
    archaeo_error* error = NULL;
    archaeo_chunks* chunks = NULL;
    later_options later;
    archaeo_chunk_options options;
    const size_t defaults = chunks_of(NULL);
    memset(&later, 0, sizeof later);
    memset(&options, 0, sizeof options);
    options.struct_size = sizeof options;
    options.target_tokens = options.max_tokens = 16;
    CHECK(chunks_of(&options) > defaults);
    /* An older program's: what lies behind its size is not looked at. */
    options.struct_size = offsetof(archaeo_chunk_options, target_tokens);
    CHECK(chunks_of(&options) == defaults);
    later.known.struct_size = sizeof later;
    CHECK(chunks_of(&later.known) == defaults);
    later.unknown = 1;
    CHECK_REFUSED("older than the program", archaeo_chunk("x", 1, &later.known, &chunks, &error));
    options.struct_size = 0;
    CHECK_REFUSED("struct_size is 0", archaeo_chunk("x", 1, &options, &chunks, &error));
    options.struct_size = SIZE_MAX;
    CHECK_REFUSED("struct_size", archaeo_chunk("x", 1, &options, &chunks, &error));
}

static void arrays(void) {
    struct {
        archaeo_new_job known;
        int64_t unknown;
    } jobs[2];
    archaeo_error* error = NULL;
    archaeo_id ids[2];
    archaeo_engine* engine = open_engine("data");
    memset(jobs, 0, sizeof jobs);
    jobs[0].known.struct_size = jobs[1].known.struct_size = sizeof jobs[0];
    jobs[0].known.job_type = jobs[1].known.job_type = "work";
    CHECK_OK(archaeo_queue_enqueue(engine, &jobs[0].known, 2, NULL, ids, &error));
    CHECK(strlen(ids[0].text) == 36 && strlen(ids[1].text) == 36 && strcmp(ids[0].text, ids[1].text) != 0);
    jobs[1].unknown = 1;
    CHECK_REFUSED("jobs[1]", archaeo_queue_enqueue(engine, &jobs[0].known, 2, NULL, ids, &error));
    jobs[1].known.struct_size = sizeof jobs[1].known;
    CHECK_REFUSED("jobs[1].struct_size", archaeo_queue_enqueue(engine, &jobs[0].known, 2, NULL, ids, &error));
    archaeo_engine_close(engine);
}

void prove_struct_size(void) {
    sizes();
    arrays();
}
