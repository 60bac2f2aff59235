/* Ingests files and searches them: embed DATA_DIR FILE_OR_FOLDER QUERY */
#include <archaeologist/archaeologist.h>
#include <stdio.h>
#include <string.h>

static void print(const archaeo_hits* hits) {
    size_t i;
    for (i = 0; i < archaeo_hits_count(hits); ++i) {
        printf("%s:%llu\n", archaeo_hits_source_name(hits, i).data,
               (unsigned long long)archaeo_hits_first_line(hits, i));
    }
}

int main(int argc, char** argv) {
    archaeo_engine* engine = NULL;
    archaeo_hits* hits = NULL;
    archaeo_error* error = NULL;
    const char* paths[1];

    if (argc != 4) return fputs("usage: embed DATA_DIR FILE_OR_FOLDER QUERY\n", stderr), 2;
    if (archaeo_abi_version() < ARCHAEO_ABI_VERSION) {
        return fprintf(stderr, "libarchaeologist %s is too old for this program\n", archaeo_version_string()), 1;
    }
    paths[0] = argv[2];
    if (archaeo_engine_open(argv[1], NULL, &engine, &error) == ARCHAEO_OK &&
        archaeo_engine_ingest(engine, "example", paths, 1, NULL, NULL, &error) == ARCHAEO_OK &&
        archaeo_search(engine, argv[3], strlen(argv[3]), NULL, &hits, &error) == ARCHAEO_OK) {
        print(hits);
    }
    if (error != NULL) fprintf(stderr, "embed: %s\n", archaeo_error_message(error).data);
    archaeo_hits_free(hits);
    archaeo_engine_close(engine);
    if (error == NULL) return 0;
    archaeo_error_free(error);
    return 1;
}
