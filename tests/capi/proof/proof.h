/* What the parts of the proof share. Each part is a function that ends the program on the first thing that is not so. */
#ifndef PROOF_H
#define PROOF_H

#include <archaeologist/archaeologist.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                            \
    do {                                                                            \
        if (!(condition)) {                                                         \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                                \
        }                                                                           \
    } while (0)

/* The call, whose last argument is `&error`, gives this code and a message with this text in it. */
#define CHECK_CODE(expected, text, call) check_code((expected), (text), (call), &error, __FILE__, __LINE__, #call)
#define CHECK_OK(call) CHECK_CODE(ARCHAEO_OK, "", call)
#define CHECK_REFUSED(text, call) CHECK_CODE(ARCHAEO_INVALID_ARGUMENT, text, call)

void check_code(int32_t expected, const char* text, int32_t code, archaeo_error** error, const char* file, int line,
                const char* call);

int is_text(archaeo_str text, const char* expected);

/* A folder of the part's own below the one that the program was given; not made. Freed by the caller. */
char* folder(const char* name);

/* An engine on such a folder, opened afresh. */
archaeo_engine* open_engine(const char* name);

/* One job of type "work" accepted, and claimed. */
archaeo_lease* claimed_job(archaeo_engine* engine);

void prove_null(void);
void prove_dead(void);
void prove_order(void);
void prove_huge(void);
void prove_enumerators(void);
void prove_struct_size(void);
void prove_threads(void);
void prove_interrupt(void);
void prove_fork(void);
void prove_files(void);
void prove_queue(void);
void prove_manage(void);
void prove_vectors(void);
void prove_embedder(void);

#endif
