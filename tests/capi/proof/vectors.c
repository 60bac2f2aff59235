/* Vectors, chunker and analyzer alone, and an engine's own vectors. */
#include "proof.h"

static void fill(archaeo_point* points, archaeo_chunks* chunks, const char* text) {
    size_t i;
    for (i = 0; i < archaeo_chunks_count(chunks); ++i) {
        memset(&points[i], 0, sizeof points[i]);
        points[i].struct_size = sizeof points[i];
        points[i].ordinal = (uint32_t)i;
        points[i].core_begin = archaeo_chunks_begin(chunks, i);
        points[i].core_end = archaeo_chunks_end(chunks, i);
        points[i].context_begin = archaeo_chunks_context_begin(chunks, i);
        points[i].first_line = archaeo_chunks_first_line(chunks, i);
        points[i].last_line = archaeo_chunks_last_line(chunks, i);
        points[i].heading = archaeo_chunks_heading(chunks, i).data;
        points[i].text = text + points[i].context_begin;
        points[i].text_size = (size_t)(points[i].core_end - points[i].context_begin);
    }
}

static void alone(const char* text, archaeo_chunks* chunks) {
    archaeo_error* error = NULL;
    archaeo_vectors* vectors = NULL;
    archaeo_vector_hits* hits = NULL;
    archaeo_point points[2];
    const float values[2][2] = {{1, 0}, {0, 1}};
    archaeo_document document = {0};
    archaeo_vector_query query = {0};
    uint64_t count = 0;
    char* path = folder("vectors");
    document.struct_size = sizeof document;
    document.project_id = document.source_id = 1;
    document.source_name = "a.md";
    query.struct_size = sizeof query;
    query.project_id = 1;
    fill(points, chunks, text);
    CHECK_OK(archaeo_vectors_open(path, 2, &vectors, &error));
    CHECK_REFUSED("vector is NULL", archaeo_vectors_upsert(vectors, &document, points, 2, &error));
    points[0].vector = values[0];
    points[1].vector = values[1];
    points[0].vector_size = points[1].vector_size = 2;
    points[1].vector_size = 3;
    CHECK_REFUSED("points[1]: vector_size is 3, must be 2",
                  archaeo_vectors_upsert(vectors, &document, points, 2, &error));
    points[1].vector_size = SIZE_MAX;
    CHECK_REFUSED("points[1]: vector_size", archaeo_vectors_upsert(vectors, &document, points, 2, &error));
    points[1].vector_size = 0;
    CHECK_REFUSED("points[1]: vector_size is 0", archaeo_vectors_upsert(vectors, &document, points, 2, &error));
    points[1].vector = NULL;
    points[1].vector_size = 2;
    CHECK_REFUSED("points[1]: vector is NULL", archaeo_vectors_upsert(vectors, &document, points, 2, &error));
    points[1].vector = values[1];
    CHECK_OK(archaeo_vectors_upsert(vectors, &document, points, 2, &error));
    CHECK_OK(archaeo_vectors_count(vectors, 1, 1, NULL, &count, &error));
    CHECK(count == 2);
    CHECK_REFUSED("exactly 1", archaeo_vectors_query(vectors, &query, &hits, &error));
    query.vector = values[1];
    query.vector_size = 3;
    CHECK_REFUSED("vector_size is 3", archaeo_vectors_query(vectors, &query, &hits, &error));
    query.vector_size = 2;
    CHECK_OK(archaeo_vectors_query(vectors, &query, &hits, &error));
    CHECK(archaeo_vector_hits_count(hits) == 2 && archaeo_vector_hits_ordinal(hits, 0) == 1);
    CHECK(archaeo_vector_hits_score(hits, 0) > 0.9 && archaeo_vector_hits_source_id(hits, 0) == 1);
    CHECK(archaeo_vector_hits_begin(hits, 0) == points[1].core_begin);
    CHECK(archaeo_vector_hits_end(hits, 0) == points[1].core_end);
    CHECK(archaeo_vector_hits_first_line(hits, 0) == points[1].first_line);
    CHECK(archaeo_vector_hits_last_line(hits, 0) == points[1].last_line);
    CHECK(is_text(archaeo_vector_hits_generation(hits, 0), "00000000-0000-0000-0000-000000000000"));
    CHECK(archaeo_vector_hits_point_id(hits, 0).size == 36 && is_text(archaeo_vector_hits_heading(hits, 9), ""));
    archaeo_vector_hits_free(hits);
    query.vector = NULL;
    query.words = "pumps";
    query.words_size = 5;
    CHECK_OK(archaeo_vectors_query(vectors, &query, &hits, &error));
    CHECK(archaeo_vector_hits_count(hits) == 1);
    CHECK(strstr(archaeo_vector_hits_text(hits, 0).data, "pumps") != NULL);
    archaeo_vector_hits_free(hits);
    CHECK_REFUSED("must be a UUID", archaeo_vectors_delete(vectors, 1, 0, "x", &error));
    CHECK_REFUSED("generation must be NULL",
                  archaeo_vectors_delete(vectors, 1, 0, "01234567-0123-7123-8123-0123456789ab", &error));
    CHECK_OK(archaeo_vectors_delete(vectors, 1, 1, NULL, &error));
    CHECK_OK(archaeo_vectors_count(vectors, 1, 1, NULL, &count, &error));
    CHECK(count == 0);
    CHECK_OK(archaeo_vectors_delete(vectors, 1, 0, NULL, &error));
    archaeo_vectors_free(vectors);
    free(path);
}

static void of_engine(const char* text, archaeo_chunks* chunks) {
    archaeo_error* error = NULL;
    archaeo_vectors* vectors = NULL;
    archaeo_vector_hits* hits = NULL;
    archaeo_project* project = NULL;
    archaeo_point points[2];
    float row[4096];
    archaeo_str one;
    archaeo_document document = {0};
    archaeo_vector_query query = {0};
    archaeo_engine* engine = open_engine("data");
    one.data = text;
    one.size = strlen(text);
    CHECK(archaeo_engine_dimension(engine) == 384);
    CHECK_OK(archaeo_engine_embed(engine, &one, 1, ARCHAEO_ROLE_DOCUMENT, row, 4096, &error));
    CHECK_OK(archaeo_project_create(engine, "own", NULL, &project, &error));
    CHECK_OK(archaeo_engine_vectors(engine, &vectors, &error));
    document.struct_size = sizeof document;
    document.project_id = archaeo_project_id(project);
    document.source_id = 1;
    query.struct_size = sizeof query;
    query.project_id = archaeo_project_id(project);
    query.nearest_to = "failing pumps";
    query.nearest_to_size = 13;
    fill(points, chunks, text);
    CHECK_OK(archaeo_vectors_upsert(vectors, &document, points, 2, &error));
    CHECK_OK(archaeo_vectors_query(vectors, &query, &hits, &error));
    CHECK(archaeo_vector_hits_count(hits) == 2);
    CHECK(strstr(archaeo_vector_hits_text(hits, 0).data, "pumps") != NULL);
    archaeo_vector_hits_free(hits);
    archaeo_vectors_free(vectors);
    archaeo_project_free(project);
    archaeo_engine_close(engine);
}

/* The same text is cut where the language's definitions end, and judged by its beginning when none is said. */
static void code(void) {
    archaeo_error* error = NULL;
    archaeo_chunks* chunks = NULL;
    archaeo_chunk_options options = {0};
    const char* text = "x = 1\n\ndef first(a):\n    return a\n\ndef second(b):\n    return b\n";
    char long_name[200];
    options.struct_size = sizeof options;
    options.kind = ARCHAEO_TEXT_CODE;
    options.language = "python";
    CHECK_OK(archaeo_chunk(text, strlen(text), &options, &chunks, &error));
    CHECK(is_text(archaeo_chunks_heading(chunks, 0), "first"));
    archaeo_chunks_free(chunks);
    options.language = "no such language";
    CHECK_OK(archaeo_chunk(text, strlen(text), &options, &chunks, &error));
    archaeo_chunks_free(chunks);
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = 0;
    options.language = long_name;
    CHECK_CODE(ARCHAEO_TOO_LARGE, "options.language", archaeo_chunk(text, strlen(text), &options, &chunks, &error));
}

static void words(void) {
    archaeo_error* error = NULL;
    archaeo_terms* terms = NULL;
    uint64_t values[4 * 8];
    char texts[64 * 8];
    CHECK_OK(archaeo_analyze("Pumps readFile", 14, &terms, &error));
    CHECK(archaeo_terms_count(terms) == 4 && is_text(archaeo_terms_text(terms, 0), "pump"));
    CHECK(archaeo_terms_begin(terms, 0) == 0 && archaeo_terms_end(terms, 0) == 5);
    CHECK(archaeo_terms_same_position(terms, 0) == 0 && archaeo_terms_same_position(terms, 2) == 1);
    CHECK(is_text(archaeo_terms_text(terms, 4), ""));
    CHECK(archaeo_terms_copy(terms, 1, 8, values, texts) == 3 && memcmp(texts, "readfilreadfile", 15) == 0);
    CHECK(values[3] == 7 && values[4] == archaeo_terms_begin(terms, 2) && values[6] == 1 && values[11] == 4);
    CHECK(archaeo_terms_copy(terms, 4, SIZE_MAX, values, texts) == 0);
    CHECK(archaeo_terms_copy(terms, 0, 1, values, texts) == 1 && memcmp(texts, "pump", 4) == 0);
    CHECK(archaeo_terms_copy(terms, 0, 8, NULL, texts) == 0 && archaeo_terms_copy(terms, 0, 8, values, NULL) == 0);
    archaeo_terms_free(terms);
}

void prove_vectors(void) {
    archaeo_error* error = NULL;
    archaeo_chunks* chunks = NULL;
    archaeo_chunk_options options = {0};
    uint64_t values[24];
    const char* text =
        "# The quarry\n\nIt was opened in 1904 by two brothers.\n\n"
        "# The pumps\n\nThey were bought used, and failed in winter.\n";
    options.struct_size = sizeof options;
    options.kind = ARCHAEO_TEXT_MARKDOWN;
    options.target_tokens = 16;
    options.overlap = ARCHAEO_NONE;
    CHECK_OK(archaeo_chunk(text, strlen(text), &options, &chunks, &error));
    CHECK(archaeo_chunks_count(chunks) == 2 && is_text(archaeo_chunks_heading(chunks, 1), "The pumps"));
    CHECK(archaeo_chunks_tokens(chunks, 0) > 0 && archaeo_chunks_context_end(chunks, 1) == strlen(text));
    CHECK(archaeo_chunks_copy(chunks, 0, 3, values) == 2 && archaeo_chunks_copy(chunks, 2, 3, values + 16) == 0);
    CHECK(values[8] == archaeo_chunks_begin(chunks, 1) && values[15] == strlen("The pumps"));
    CHECK(archaeo_chunks_copy(chunks, 0, SIZE_MAX, NULL) == 0);
    alone(text, chunks);
    of_engine(text, chunks);
    words();
    code();
    archaeo_chunks_free(chunks);
}
