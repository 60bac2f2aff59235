/* Cuts a text into chunks, for an index of one's own; needs no engine and keeps nothing: chunk_only FILE */
#include <archaeologist/archaeologist.h>
#include <stdio.h>
#include <stdlib.h>

enum { FILE_BYTES_MAX = 1 << 24 };

static size_t read_file(const char* path, char* text) {
    FILE* file = fopen(path, "rb");
    size_t size;
    if (file == NULL) return perror(path), (size_t)-1;
    size = fread(text, 1, FILE_BYTES_MAX, file);
    if (ferror(file)) {
        perror(path);
        size = (size_t)-1;
    } else if (!feof(file)) {
        fprintf(stderr, "%s has 16 MiB or more\n", path);
        size = (size_t)-1;
    }
    fclose(file);
    return size;
}

int main(int argc, char** argv) {
    archaeo_chunk_options options = {0};
    archaeo_chunks* chunks = NULL;
    archaeo_error* error = NULL;
    char* text = malloc(FILE_BYTES_MAX);
    size_t size;
    size_t i;

    if (argc != 2 || text == NULL) return free(text), fputs("usage: chunk_only FILE (below 16 MiB)\n", stderr), 2;
    size = read_file(argv[1], text);
    if (size == (size_t)-1) return free(text), 1;

    options.struct_size = sizeof options; /* all else zero: the defaults */
    options.kind = ARCHAEO_TEXT_MARKDOWN;
    options.target_tokens = 200;
    if (archaeo_chunk(text, size, &options, &chunks, &error) != ARCHAEO_OK) {
        fprintf(stderr, "chunk_only: %s\n", archaeo_error_message(error).data);
        archaeo_error_free(error);
        return free(text), 1;
    }
    for (i = 0; i < archaeo_chunks_count(chunks); ++i) {
        /* The context, a little more than the core, is what to embed: text + begin, end - begin bytes. */
        printf("lines %llu-%llu, %u tokens: %s\n", (unsigned long long)archaeo_chunks_first_line(chunks, i),
               (unsigned long long)archaeo_chunks_last_line(chunks, i), (unsigned)archaeo_chunks_tokens(chunks, i),
               archaeo_chunks_heading(chunks, i).data);
    }
    archaeo_chunks_free(chunks);
    free(text);
    return 0;
}
