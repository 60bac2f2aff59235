/* archaeologist.h - the C interface of libarchaeologist (libarchaeologist.so.0).
 *
 * Files in, searchable knowledge out: a program hands over files, they are stored at once and become searchable a
 * moment later. This one header is the whole C ABI and its manual. It is C99, compiles as C++ too, and is what the
 * bindings for other languages are made of. C++ programs may prefer the C++ interface beside it (the *.hpp files).
 *
 *     #include <archaeologist/archaeologist.h>
 *     #include <stdio.h>
 *
 *     int main(void) {
 *         archaeo_engine* engine = NULL;
 *         archaeo_buffer* report = NULL;
 *         archaeo_hits* hits = NULL;
 *         archaeo_error* error = NULL;
 *         const char* paths[] = {"src"};
 *         size_t i;
 *
 *         if (archaeo_engine_open("data", NULL, &engine, &error) == ARCHAEO_OK &&
 *             archaeo_engine_ingest(engine, "demo", paths, 1, NULL, &report, &error) == ARCHAEO_OK &&
 *             archaeo_search(engine, "lease lost", 10, NULL, &hits, &error) == ARCHAEO_OK) {
 *             for (i = 0; i < archaeo_hits_count(hits); ++i) {
 *                 printf("%s:%llu\n", archaeo_hits_source_name(hits, i).data,
 *                        (unsigned long long)archaeo_hits_first_line(hits, i));
 *             }
 *         }
 *         if (error != NULL) fprintf(stderr, "%s\n", archaeo_error_message(error).data);
 *         archaeo_error_free(error);
 *         archaeo_hits_free(hits);
 *         archaeo_buffer_free(report);
 *         archaeo_engine_close(engine);
 *         return 0;
 *     }
 *
 * Using it
 *     CMake         find_package(archaeologist REQUIRED COMPONENTS capi)
 *                   target_link_libraries(program PRIVATE archaeologist::capi)
 *     pkg-config    cc program.c $(pkg-config --cflags --libs archaeologist)
 *
 * What is in here
 *     Versions, codes, text and errors, options, engine, projects, sources, uploads, jobs, queue, worker, search, events,
 *     vectors, chunker, analyzer. The queue, the vectors, the chunker and the analyzer can be used alone; the last three
 *     need no engine.
 *
 * Rules that hold for every function
 *     Results     A function that can fail returns ARCHAEO_OK (0) or another code, and takes `error_out` last, which
 *                 may be NULL. On failure *error_out is a new archaeo_error (yours to free) and every other output is
 *                 NULL or 0; on success *error_out is NULL. Errors named below are those a caller should expect;
 *                 besides them every function may return ARCHAEO_INVALID_ARGUMENT (also for NULL where something is
 *                 needed, and for handles that are not alive), ARCHAEO_CONFLICT (the engine is closed; the handle
 *                 came from before fork), and ARCHAEO_INTERNAL. Accessors cannot fail: of NULL, of a freed handle and
 *                 of an index that is not there they give 0 or the empty text.
 *     Ownership   What comes out by an `_out` parameter is yours, until you give it to its _free (or _close)
 *                 function. _free of NULL, and of what is freed already, does nothing. The order of frees never
 *                 matters: what came from an engine outlives it, as far as it can be read without it. What goes in is
 *                 copied; nothing of yours is kept when a function has returned, the embedder's and the log's
 *                 callbacks and their user data aside.
 *     Threads     Everything about an engine, a worker or vectors: from any thread, at the same time. A lease, an
 *                 upload, a job, a source, hits, ...: one thread at a time. An error never changes and may be read by
 *                 all.
 *     Blocking    "Blocks: no" means that a function looks at memory only; "disk" that it may wait for the data
 *                 folder (usually milliseconds; what it stored is durable on return) and, where jobs wait in Redis,
 *                 for the net within the queue's time limits; others say what for. Times are in milliseconds;
 *                 `timeout_ms` 0 means not to wait, ARCHAEO_FOREVER to wait without limit. archaeo_engine_interrupt()
 *                 and closing the engine end what waits and what takes long.
 *     Texts       In: a pointer with a size in bytes, where it may be long or hold NUL (then NULL with size 0 is an
 *                 empty one); else NUL-terminated. UTF-8 where it is shown or searched. Out: an archaeo_str, borrowed
 *                 from the handle it was asked from and valid until that is freed; a NUL follows its bytes.
 *     Options     Structs that begin with `struct_size`, which a program sets to sizeof of the struct it was compiled
 *                 with; all else zero means the defaults, and so does NULL for the whole. Fields are only ever
 *                 appended. An older program's smaller size works with a newer library. A newer program's larger size
 *                 works, too, as long as what this library does not know is zero; otherwise ARCHAEO_INVALID_ARGUMENT.
 *                 In arrays all elements have the first one's size.
 *     Enumerators 0 stands for "not said" where one goes in, so that zeroed options are the defaults. Unknown ones
 *                 are refused going in; coming out, a later library may give ones this header does not know.
 *     Time        int64_t milliseconds since 1970-01-01 UTC; 0 is none. Ids of projects and sources are positive
 *                 int64_t, 0 is none; ids of jobs and generations are UUIDs in their 36-character text form.
 *     fork        A child process cannot use its parent's engines, leases, uploads, workers and vectors: functions
 *                 refuse them with ARCHAEO_CONFLICT, and _free leaves them alone. Nor can it open any when its parent
 *                 had some open in the moment of the fork (ARCHAEO_CONFLICT, too), for locks do not survive that: fork
 *                 first and open then, or start the child with exec. Copies of data (jobs, hits, chunks, ...), the
 *                 chunker and the analyzer work in every child.
 *
 * Stability
 *     The soname (libarchaeologist.so.0) changes when something in this header is removed or changes its meaning; a
 *     program then has to be compiled again. Within one soname things are only added, and each release that adds
 *     something raises ARCHAEO_ABI_VERSION by one. So a program compiled with this header runs with every library of the
 *     same soname whose archaeo_abi_version() is at least its own ARCHAEO_ABI_VERSION.
 *     Until 0.1.0 is released nothing is promised yet.
 *     What is to go away is first marked as deprecated here, for at least one minor version, and goes only together with a
 *     new soname. The project's version (archaeo_version_string) counts features and is not part of this promise.
 *     JSON that functions give may gain members; what is there keeps its meaning.
 *
 * Manners
 *     The library never writes to standard output or standard error, never ends the process, installs no signal handler
 *     and reads no environment variable. No C++ exception crosses it. Once loaded, it stays until the process ends.
 */
#ifndef ARCHAEOLOGIST_ARCHAEOLOGIST_H
#define ARCHAEOLOGIST_ARCHAEOLOGIST_H

#include <stddef.h>
#include <stdint.h>

/* Marks what the shared library exports. */
#if defined(__GNUC__)
#define ARCHAEO_API __attribute__((visibility("default")))
#else
#define ARCHAEO_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---------------------------------------------------------------------------------------------------- Versions */

/* The ABI this header describes; see "Stability" above. */
#define ARCHAEO_ABI_VERSION 1

/* The ABI the loaded library has. Thread-safe, does not block, cannot fail. */
ARCHAEO_API int32_t archaeo_abi_version(void);

/* The version of the loaded library, "MAJOR.MINOR.PATCH". Static: valid as long as the library is loaded, never freed.
 * Thread-safe, does not block, cannot fail. */
ARCHAEO_API const char* archaeo_version_string(void);

/* ------------------------------------------------------------------------------------------------------- Codes
 *
 * Functions that can fail return one of these as an int32_t: ARCHAEO_OK or what went wrong, by what the caller can do
 * about it. Numbers are never reused; a later library may return codes that this header does not know: treat them like
 * ARCHAEO_INTERNAL. "Retriable" means that the same call may succeed later without anyone changing the request. */
enum {
    ARCHAEO_OK = 0,
    ARCHAEO_INVALID_ARGUMENT = 1, /* the request breaks a rule; the message names thing, value and rule */
    ARCHAEO_NOT_FOUND = 2,
    ARCHAEO_ALREADY_EXISTS = 3,
    ARCHAEO_CONFLICT = 4,   /* not possible in the present state (finished job, deleted source, ...) */
    ARCHAEO_LEASE_LOST = 5, /* another worker holds the job by now, or it is finished: drop what you did */
    ARCHAEO_CANCELLED = 6,  /* the job was cancelled, or the call was interrupted */
    ARCHAEO_TIMED_OUT = 7,  /* retriable */
    ARCHAEO_TOO_LARGE = 8,
    ARCHAEO_UNSUPPORTED = 9,
    ARCHAEO_PERMISSION_DENIED = 10,
    ARCHAEO_CORRUPT = 11,      /* stored data cannot be read; it is named, never deleted */
    ARCHAEO_INCOMPATIBLE = 12, /* written by a newer version, another model, another lake */
    ARCHAEO_UNAVAILABLE = 13,  /* a backend is down or busy; retriable */
    ARCHAEO_RATE_LIMITED = 14, /* retriable after a delay, spends no retry */
    ARCHAEO_STORAGE_FULL = 15, /* disk or quota; retriable once there is room */
    ARCHAEO_IO_ERROR = 16,     /* retriable */
    ARCHAEO_INTERNAL = 17      /* a bug of the library */
};

/* "invalid_argument", ...; "unknown" for a number that is no code. Static. Thread-safe, does not block, cannot fail. */
ARCHAEO_API const char* archaeo_code_name(int32_t code);

/* ---------------------------------------------------------------------------------------------- Text and errors */

/* Where 0 means the default, for "none": no retries, no overlap, kept for ever. */
#define ARCHAEO_NONE (-1)
/* As a timeout: without limit. */
#define ARCHAEO_FOREVER (-1)

/* Borrowed bytes with a NUL behind them; data is never NULL in what the library gives. */
typedef struct archaeo_str {
    const char* data;
    size_t size;
} archaeo_str;

/* A UUID as text: 36 characters, lower case, and a NUL. */
typedef struct archaeo_id {
    char text[37];
} archaeo_id;

/* A text of the library's that is too long to borrow, or JSON. */
typedef struct archaeo_buffer archaeo_buffer;
/* Its bytes, borrowed. Blocks: no. */
ARCHAEO_API archaeo_str archaeo_buffer_text(const archaeo_buffer* buffer);
ARCHAEO_API void archaeo_buffer_free(archaeo_buffer* buffer);

/* What went wrong. Never changes; any thread may read it. There is no "last error" of a thread. */
typedef struct archaeo_error archaeo_error;
/* Blocks: no. Of NULL: ARCHAEO_OK, the empty text, 0. */
ARCHAEO_API int32_t archaeo_error_code(const archaeo_error* error);
ARCHAEO_API archaeo_str archaeo_error_message(const archaeo_error* error);
ARCHAEO_API int32_t archaeo_error_is_retriable(const archaeo_error* error);
ARCHAEO_API void archaeo_error_free(archaeo_error* error);
/* An error for an embedder's callback to give. A code that is none becomes ARCHAEO_INTERNAL; a longer message than 8
 * KiB is cut; NULL stands for an empty one. NULL only when there is no memory. Thread-safe. Blocks: no. */
ARCHAEO_API archaeo_error* archaeo_error_new(int32_t code, const char* message);

/* ----------------------------------------------------------------------------------------------------- Options */

enum { ARCHAEO_LOG_DEBUG = 1, ARCHAEO_LOG_INFO = 2, ARCHAEO_LOG_WARNING = 3, ARCHAEO_LOG_ERROR = 4 };

/* Takes one message; all is borrowed for the call. job_id is NULL when it is about no job. Called on any thread, also
 * on several at once; must not call the library. */
typedef void (*archaeo_log_sink)(int32_t level, const char* message, size_t message_size, const char* job_id,
                                 void* user_data);

enum { ARCHAEO_ROLE_DOCUMENT = 1, ARCHAEO_ROLE_QUERY = 2 };

/* A model of the program's own that turns texts into vectors. */
typedef struct archaeo_embedder {
    size_t struct_size;
    int32_t dimension;       /* 1 to 65,536 */
    int32_t max_tokens;      /* the longest text it takes whole; 0 = 8,192 */
    const char* model_id;    /* names model, dimension and prefixes: vectors of different ids are never compared */
    int32_t matches_meaning; /* 1: nearness means meaning (a trained model); 0: only shared word forms */
    double hybrid_weight; /* how much it counts in a hybrid search, above 0 to 1; 0 = 0.5, ARCHAEO_NONE = not at all */
    /* Writes one row of `dimension` floats a text to `vectors`, in order (they need not be normalised; a zero row is a
     * text without any word). Returns ARCHAEO_OK, or a code and if it likes an error of archaeo_error_new() in *error_out,
     * which the library frees; retriable codes let jobs try again. Called on threads of the library and of callers of
     * this header, also on several at once. Must not throw, close the engine or wait for its jobs. */
    int32_t (*embed)(const archaeo_str* texts, size_t text_count, int32_t role, float* vectors,
                     archaeo_error** error_out, void* user_data);
    /* NULL, or called once when the engine that was opened with it is closed and nothing uses the embedder any longer.
     * Not called when opening failed. */
    void (*release)(void* user_data);
    void* user_data;
} archaeo_embedder;

enum {
    ARCHAEO_QUEUE_KEPT = 0,    /* where they waited the last time; in a new data folder that is the catalog */
    ARCHAEO_QUEUE_CATALOG = 1, /* in the data folder */
    ARCHAEO_QUEUE_REDIS = 2    /* in Redis 6.2 or later, for workers on many hosts */
};

typedef struct archaeo_options {
    size_t struct_size;
    int32_t queue_place;  /* ARCHAEO_QUEUE_... */
    int32_t redis_shards; /* 1 to 64; 0 = 1 */
    const char*
        redis_url; /* redis://[user:password@]host[:port][/db], unix:/path, redis+sentinel://..., redis+cluster://... */
    const char* redis_name;      /* of the queue in Redis; NULL = "archaeologist_jobs" */
    int64_t redis_result_ttl_ms; /* how long Redis keeps what the catalog has; whole seconds; 0 = a day */
    const char* worker_id;       /* of the built-in worker, of no other live one; NULL = host-pid-random */
    int32_t workers;             /* jobs at once of the built-in worker, to 1,024; 0 = chosen from the core count */
    int32_t log_level;           /* the least that is told, ARCHAEO_LOG_...; 0 = ARCHAEO_LOG_INFO */
    int64_t heartbeat_ms;        /* of the built-in worker; 0 = 3,000 */
    int64_t grace_ms;            /* for running jobs when the built-in worker stops; 0 = 10,000, ARCHAEO_NONE = none */
    int64_t lease_ms;            /* how long a claim holds without being extended; 0 = 10,000 */
    int64_t backoff_base_ms;     /* before the first retry, then doubled; 0 = 1,000 */
    int64_t backoff_cap_ms;      /* the longest of these waits; 0 = 600,000 */
    int64_t keep_completed_ms; /* how long finished jobs are kept; whole hours; 0 = 30 days, ARCHAEO_NONE = for ever */
    int64_t keep_cancelled_ms; /* the same */
    int64_t keep_failed_ms;    /* the same; 0 = 90 days */
    uint64_t file_bytes_max;   /* a larger file is refused at the door; 0 = 4 GiB */
    uint64_t text_bytes_max;   /* a longer text fails its job; 0 = 2 GiB */
    uint32_t chunk_target_tokens;     /* 16 to 8,192; 0 = 300 */
    uint32_t chunk_max_tokens;        /* target to 16,384; 0 = 400 or a third above the target */
    double chunk_overlap;             /* of the target, above 0 to 0.5; 0 = 0.15, ARCHAEO_NONE = none */
    const archaeo_embedder* embedder; /* NULL = built-in: word forms, no server, no download */
    archaeo_log_sink log;             /* NULL = silent */
    void* log_user_data;              /* kept until the engine is closed */
    /* What stands elsewhere; NULL = in the data folder, built in, none. Keys are never in messages or logs. */
    const char* lake; /* s3://bucket[/prefix][?endpoint=URL][&region=NAME][&style=path|host] */
    const char* s3_access_key;
    const char* s3_secret_key;
    const char* s3_session_token; /* of temporary keys */
    const char* lake_ca_file;     /* PEM, instead of the system's authorities */
    const char* lake_proxy;       /* http://host:port */
    const char* vectors;          /* qdrant+http://host[:port][,host...]/prefix[?shards=N][&replicas=N]... */
    const char* qdrant_api_key;
    const char* vectors_ca_file;
    const char* vectors_proxy;
    const char* embedder_url; /* "builtin", or http://host/path?model=NAME...; NULL = as the data folder had it last */
    const char* embedder_key;
    const char* embedder_ca_file;
    const char* embedder_proxy;
    int64_t embedder_cache_bytes; /* of vectors kept on disk; 0 = 1 GiB, ARCHAEO_NONE = none */
    const char* languages; /* that prose is looked at in: codes of ISO 639-1 with commas between; NULL = "auto": all */
} archaeo_options;

/* ------------------------------------------------------------------------------------------------------ Engine
 *
 * Everything on one data folder. Several engines, also of several processes of one machine, may share a folder. */
typedef struct archaeo_engine archaeo_engine;

/* Opens or makes a data folder. Starts nothing: jobs run in archaeo_worker_start() and archaeo_engine_ingest().
 * options may be NULL. Thread-safe. Blocks: disk. Errors: ARCHAEO_PERMISSION_DENIED, ARCHAEO_INCOMPATIBLE (written by
 * a newer version), ARCHAEO_CORRUPT, ARCHAEO_STORAGE_FULL, ARCHAEO_IO_ERROR, ARCHAEO_UNAVAILABLE (Redis). */
ARCHAEO_API int32_t archaeo_engine_open(const char* data_dir, const archaeo_options* options,
                                        archaeo_engine** engine_out, archaeo_error** error_out);

/* The same, set up by a file of lines "name = value", with # before comments and values in "quotes" where they have
 * blanks:
 *     data                  the data folder; must be there; a relative one is below the working directory
 *     queue                 kept, sqlite or redis
 *     redis-url, queue-name, queue-shards, job-result-ttl (seconds)
 *     lake                  s3://bucket[/prefix][?endpoint=URL][&region=NAME][&style=path|host]; else in the data folder
 *     s3-access-key, s3-secret-key, s3-session-token, lake-ca-file, lake-proxy
 *     vectors               qdrant+http://host[:port][,host...]/prefix; else in the data folder
 *     qdrant-api-key, vectors-ca-file, vectors-proxy
 *     embedder              builtin, or http://host/path?model=NAME
 *     embedder-key, embedder-ca-file, embedder-proxy, embedder-cache (bytes)
 *     worker-id, concurrency (a number or auto), heartbeat, grace, lease (seconds)
 *     file-max, text-max    bytes, or 64K, 16M, 4G
 *     chunk-tokens, chunk-tokens-max, chunk-overlap
 *     languages             that prose is looked at in: auto, or codes of ISO 639-1 with commas between (de,fr)
 *     log-level             debug, info, warning or error
 * What options say, where they are not zero, counts more than the file. Thread-safe. Blocks: disk. Errors: as
 * archaeo_engine_open(); ARCHAEO_NOT_FOUND (no such file), ARCHAEO_INVALID_ARGUMENT (names file, line and rule). */
ARCHAEO_API int32_t archaeo_engine_open_file(const char* config_path, const archaeo_options* options,
                                             archaeo_engine** engine_out, archaeo_error** error_out);

/* Drains the built-in worker, ends what waits, ingests or uploads in other threads (which get ARCHAEO_CONFLICT, as
 * calls that come later), waits for calls that run, and closes. What the engine gave stays valid to be read and freed;
 * leases and uploads can no longer be used. Must not be called by callbacks. Thread-safe. Blocks: up to the options'
 * grace time and 2 s more. */
ARCHAEO_API void archaeo_engine_close(archaeo_engine* engine);

enum {
    ARCHAEO_INTERRUPT_WAITS = 1,  /* claim, job_wait and events_poll return with what they have, within a second */
    ARCHAEO_INTERRUPT_INGESTS = 2 /* ingest stores no more and returns ARCHAEO_CANCELLED */
};

/* Makes calls that run in other threads return early, once; what begins later is not meant. what:
 * ARCHAEO_INTERRUPT_..., 0 = both. Thread-safe. Blocks: no. */
ARCHAEO_API int32_t archaeo_engine_interrupt(archaeo_engine* engine, int32_t what, archaeo_error** error_out);

typedef struct archaeo_ingest_options {
    size_t struct_size;
    int32_t priority;     /* ARCHAEO_PRIORITY_...; 0 = normal */
    int32_t if_unchanged; /* ARCHAEO_UNCHANGED_...; 0 = skip */
    int32_t all_files;    /* 1: also what .gitignore names, .git, node_modules, ... */
} archaeo_ingest_options;

/* Walks files and folders, stores what is new or changed, processes it here and waits for the end. The project is made
 * if new. options may be NULL. report_out may be NULL: a JSON object with files, bytes, searchable, unchanged, skipped,
 * failed, chunks, seconds, problems, ... Thread-safe. Blocks: until all is processed; interrupted, up to the options'
 * grace time for files under way. Errors: ARCHAEO_INVALID_ARGUMENT (no path, unknown path, more than 10,000),
 * ARCHAEO_STORAGE_FULL, ARCHAEO_IO_ERROR, ARCHAEO_CANCELLED (interrupted: every file is stored whole or not at all, and
 * the next ingest or worker goes on with it). */
ARCHAEO_API int32_t archaeo_engine_ingest(archaeo_engine* engine, const char* project_name, const char* const* paths,
                                          size_t path_count, const archaeo_ingest_options* options,
                                          archaeo_buffer** report_out, archaeo_error** error_out);

/* Looks at everything the engine stands on: a JSON array of {"name","verdict","found","advice"}, verdicts good,
 * warning or bad. Thread-safe. Blocks: disk, a moment. */
ARCHAEO_API int32_t archaeo_engine_check(archaeo_engine* engine, archaeo_buffer** checks_out,
                                         archaeo_error** error_out);

/* The length of the engine's embedder's vectors, 0 of what is no engine. Thread-safe. Blocks: no. */
ARCHAEO_API size_t archaeo_engine_dimension(const archaeo_engine* engine);

/* Turns up to 10,000 texts of at most 1 MiB each into vectors: one row of archaeo_engine_dimension() floats a text,
 * normalised. `vectors` has room for `vector_floats`, at least text_count rows. role is ARCHAEO_ROLE_.... Thread-safe.
 * Blocks: while the embedder computes. Errors: ARCHAEO_TOO_LARGE, ARCHAEO_UNAVAILABLE, ARCHAEO_RATE_LIMITED, and what
 * an own embedder gives. */
ARCHAEO_API int32_t archaeo_engine_embed(archaeo_engine* engine, const archaeo_str* texts, size_t text_count,
                                         int32_t role, float* vectors, size_t vector_floats, archaeo_error** error_out);

/* ---------------------------------------------------------------------------------------------------- Projects
 *
 * The walls between sets of sources. An archaeo_project is a copy of what a project was like when it was asked for. */
typedef struct archaeo_project archaeo_project;

/* Makes a project. name: 1 to 200 bytes of UTF-8 without control characters, unique. description may be NULL.
 * project_out may be NULL. Thread-safe. Blocks: disk. Errors: ARCHAEO_ALREADY_EXISTS. */
ARCHAEO_API int32_t archaeo_project_create(archaeo_engine* engine, const char* name, const char* description,
                                           archaeo_project** project_out, archaeo_error** error_out);

/* By name, or by id. Thread-safe. Blocks: disk. Errors: ARCHAEO_NOT_FOUND. */
ARCHAEO_API int32_t archaeo_project_find(archaeo_engine* engine, const char* name, archaeo_project** project_out,
                                         archaeo_error** error_out);
ARCHAEO_API int32_t archaeo_project_get(archaeo_engine* engine, int64_t project_id, archaeo_project** project_out,
                                        archaeo_error** error_out);

/* All projects, the oldest first, from number `offset` (0 = the first) on: fills up to `capacity` of projects_out;
 * *count_out says how many, *total_out (may be NULL) how many there are. Thread-safe. Blocks: disk. */
ARCHAEO_API int32_t archaeo_project_list(archaeo_engine* engine, size_t offset, archaeo_project** projects_out,
                                         size_t capacity, size_t* count_out, int64_t* total_out,
                                         archaeo_error** error_out);

/* What is NULL stays. Thread-safe. Blocks: disk. Errors: ARCHAEO_NOT_FOUND, ARCHAEO_ALREADY_EXISTS (the name). */
ARCHAEO_API int32_t archaeo_project_update(archaeo_engine* engine, int64_t project_id, const char* name,
                                           const char* description, archaeo_project** project_out,
                                           archaeo_error** error_out);

/* Whether a project's texts, and the questions about it alone, may be sent to an embedder that is not the built-in one. DENIED: the
 * built-in model embeds them, whatever model the engine has; it takes the place of another in the background, and search goes by
 * words until then. Only what a job was sending at that moment goes out. external_models is ARCHAEO_EXTERNAL_...; a new project
 * has ALLOWED. project_out may be NULL. Thread-safe. Blocks: disk. Errors: ARCHAEO_NOT_FOUND,
 * ARCHAEO_INVALID_ARGUMENT. */
enum { ARCHAEO_EXTERNAL_ALLOWED = 0, ARCHAEO_EXTERNAL_DENIED = 1 };
ARCHAEO_API int32_t archaeo_project_set_external_models(archaeo_engine* engine, int64_t project_id,
                                                        int32_t external_models, archaeo_project** project_out,
                                                        archaeo_error** error_out);

/* Its unfinished jobs are cancelled; its sources, chunks and jobs are gone on return. Thread-safe. Blocks: disk.
 * Errors: ARCHAEO_NOT_FOUND. */
ARCHAEO_API int32_t archaeo_project_delete(archaeo_engine* engine, int64_t project_id, archaeo_error** error_out);

/* Accessors; block: no. The JSON has all fields. */
ARCHAEO_API int64_t archaeo_project_id(const archaeo_project* project);
ARCHAEO_API archaeo_str archaeo_project_name(const archaeo_project* project);
ARCHAEO_API archaeo_str archaeo_project_description(const archaeo_project* project);
ARCHAEO_API int64_t archaeo_project_created_at_ms(const archaeo_project* project);
ARCHAEO_API int64_t archaeo_project_source_count(const archaeo_project* project);
ARCHAEO_API int32_t archaeo_project_external_models(const archaeo_project* project);
ARCHAEO_API archaeo_str archaeo_project_json(const archaeo_project* project);
ARCHAEO_API void archaeo_project_free(archaeo_project* project);

/* ----------------------------------------------------------------------------------------------------- Sources
 *
 * What was handed over. A source is a name in a project; new content for a known name is its next version. An
 * archaeo_source is a copy of what a source was like when it was asked for. */
typedef struct archaeo_source archaeo_source;
typedef struct archaeo_job archaeo_job;

enum {
    ARCHAEO_SOURCE_PENDING = 1,     /* a job is on its way */
    ARCHAEO_SOURCE_SEARCHABLE = 2,  /* chunks are there */
    ARCHAEO_SOURCE_UNSUPPORTED = 3, /* read, and nothing to search in it; the reason says why */
    ARCHAEO_SOURCE_FAILED = 4       /* the last version could not be processed; an older one may still be searchable */
};

enum { ARCHAEO_PRIORITY_LOW = 1, ARCHAEO_PRIORITY_NORMAL = 2, ARCHAEO_PRIORITY_HIGH = 3, ARCHAEO_PRIORITY_URGENT = 4 };

/* Thread-safe. Blocks: disk. Errors: ARCHAEO_NOT_FOUND. */
ARCHAEO_API int32_t archaeo_source_get(archaeo_engine* engine, int64_t source_id, archaeo_source** source_out,
                                       archaeo_error** error_out);

/* A page of a project's sources by name: page 1 is the first, a page has `capacity` (1 to 1,000). status is
 * ARCHAEO_SOURCE_... or 0 for all. Fills sources_out; *count_out says how many, *total_out (may be NULL) how many
 * there are in all. Thread-safe. Blocks: disk. Errors: ARCHAEO_NOT_FOUND (project). */
ARCHAEO_API int32_t archaeo_source_list(archaeo_engine* engine, int64_t project_id, int32_t status, int64_t page,
                                        archaeo_source** sources_out, size_t capacity, size_t* count_out,
                                        int64_t* total_out, archaeo_error** error_out);

/* Gone for search and lists at once; its unfinished job is cancelled. The same name may come again, as the next
 * version. Thread-safe. Blocks: disk. Errors: ARCHAEO_NOT_FOUND. */
ARCHAEO_API int32_t archaeo_source_delete(archaeo_engine* engine, int64_t source_id, archaeo_error** error_out);

/* Replaces its metadata, a JSON object of at most 64 KiB. source_out may be NULL. Thread-safe. Blocks: disk. Errors:
 * ARCHAEO_NOT_FOUND, ARCHAEO_TOO_LARGE. */
ARCHAEO_API int32_t archaeo_source_set_metadata(archaeo_engine* engine, int64_t source_id, const char* metadata_json,
                                                archaeo_source** source_out, archaeo_error** error_out);

/* Processes its latest content once more, as the next version. priority: ARCHAEO_PRIORITY_..., 0 = normal. job_out may
 * be NULL. Thread-safe. Blocks: disk. Errors: ARCHAEO_NOT_FOUND. */
ARCHAEO_API int32_t archaeo_source_reprocess(archaeo_engine* engine, int64_t source_id, int32_t priority,
                                             archaeo_job** job_out, archaeo_error** error_out);

/* The latest upload's bytes from `offset` on, at most size_max of them (to 1 GiB); fewer only at the end. Thread-safe.
 * Blocks: disk. Errors: ARCHAEO_NOT_FOUND. */
ARCHAEO_API int32_t archaeo_source_content(archaeo_engine* engine, int64_t source_id, uint64_t offset, size_t size_max,
                                           archaeo_buffer** content_out, archaeo_error** error_out);

/* The same of the normalised UTF-8 text of the version that search sees, which byte ranges of chunks and hits count
 * in. Errors: ARCHAEO_NOT_FOUND (also: nothing to read in it). */
ARCHAEO_API int32_t archaeo_source_text(archaeo_engine* engine, int64_t source_id, uint64_t offset, size_t size_max,
                                        archaeo_buffer** text_out, archaeo_error** error_out);

/* A page (from 1, of 1 to 1,000) of the chunks that search sees, as a JSON object
 * {"chunks":[...],"total","page","per_page","has_more"}. Thread-safe. Blocks: disk. Errors: ARCHAEO_NOT_FOUND. */
ARCHAEO_API int32_t archaeo_source_chunks(archaeo_engine* engine, int64_t source_id, int64_t page, int64_t per_page,
                                          archaeo_buffer** chunks_out, archaeo_error** error_out);

/* Accessors; block: no. The JSON has all fields. */
ARCHAEO_API int64_t archaeo_source_id(const archaeo_source* source);
ARCHAEO_API int64_t archaeo_source_project_id(const archaeo_source* source);
ARCHAEO_API archaeo_str archaeo_source_filename(const archaeo_source* source);
ARCHAEO_API int64_t archaeo_source_version(const archaeo_source* source);
ARCHAEO_API archaeo_str archaeo_source_content_hash(const archaeo_source* source); /* SHA-256, 64 hex digits */
ARCHAEO_API uint64_t archaeo_source_file_size(const archaeo_source* source);
ARCHAEO_API archaeo_str archaeo_source_file_type(const archaeo_source* source); /* "code", ...; empty until detected */
ARCHAEO_API archaeo_str archaeo_source_language(const archaeo_source* source);
ARCHAEO_API archaeo_str archaeo_source_metadata(const archaeo_source* source); /* a JSON object */
ARCHAEO_API int32_t archaeo_source_status(const archaeo_source* source);
ARCHAEO_API archaeo_str archaeo_source_reason(const archaeo_source* source);
ARCHAEO_API uint64_t archaeo_source_chunk_count(const archaeo_source* source);
ARCHAEO_API archaeo_str archaeo_source_job_id(const archaeo_source* source); /* of the latest version */
ARCHAEO_API archaeo_str archaeo_source_json(const archaeo_source* source);
ARCHAEO_API void archaeo_source_free(archaeo_source* source);

/* ----------------------------------------------------------------------------------------------------- Uploads
 *
 * Stores content and queues its processing; both are durable on return. The same content again for the same name
 * makes no job. filename is the source's name in the project: relative, UTF-8, at most 1,024 bytes, no control
 * characters, each part between slashes 1 to 255 bytes and not "." or "..". */
enum {
    ARCHAEO_UNCHANGED_SKIP = 1,
    ARCHAEO_UNCHANGED_PROCESS = 2 /* again */
};

typedef struct archaeo_upload_options {
    size_t struct_size;
    int32_t priority;              /* ARCHAEO_PRIORITY_...; 0 = normal */
    int32_t max_retries;           /* to 100; 0 = 3, ARCHAEO_NONE = none */
    int64_t timeout_ms;            /* of the job, each attempt; whole seconds to 7 days; 0 = an hour */
    int32_t if_unchanged;          /* ARCHAEO_UNCHANGED_...; 0 = skip */
    const char* original_filename; /* as its owner called it; NULL = filename */
    const char* metadata_json;     /* an object of at most 64 KiB; NULL = {} */
    int64_t user_id;               /* who uploads; 0 = the local user, 1 */
} archaeo_upload_options;

/* Of a file. filename NULL: the last part of the path. source_out and job_out may be NULL; *job_out is also NULL when
 * the content is unchanged. Thread-safe. Blocks: disk, for as long as storing takes. Errors: ARCHAEO_NOT_FOUND
 * (project, file), ARCHAEO_PERMISSION_DENIED, ARCHAEO_TOO_LARGE, ARCHAEO_STORAGE_FULL, ARCHAEO_IO_ERROR. */
ARCHAEO_API int32_t archaeo_upload_path(archaeo_engine* engine, int64_t project_id, const char* filename,
                                        const char* path, const archaeo_upload_options* options,
                                        archaeo_source** source_out, archaeo_job** job_out, archaeo_error** error_out);

/* Of bytes in memory. As archaeo_upload_path(). */
ARCHAEO_API int32_t archaeo_upload_bytes(archaeo_engine* engine, int64_t project_id, const char* filename,
                                         const void* content, size_t content_size,
                                         const archaeo_upload_options* options, archaeo_source** source_out,
                                         archaeo_job** job_out, archaeo_error** error_out);

/* Of content that arrives bit by bit: begin, append as often as needed, finish. Nothing is visible before finish, and
 * nothing stays after abort, free or the program's death. One thread at a time; different uploads are independent. */
typedef struct archaeo_upload archaeo_upload;

/* Checks project, name and options at once. Blocks: disk. Errors: as archaeo_upload_path(). */
ARCHAEO_API int32_t archaeo_upload_begin(archaeo_engine* engine, int64_t project_id, const char* filename,
                                         const archaeo_upload_options* options, archaeo_upload** upload_out,
                                         archaeo_error** error_out);

/* After a failure the upload can only be freed. Blocks: disk. Errors: ARCHAEO_TOO_LARGE, ARCHAEO_STORAGE_FULL,
 * ARCHAEO_IO_ERROR, ARCHAEO_CONFLICT (it is finished, aborted or has failed). */
ARCHAEO_API int32_t archaeo_upload_append(archaeo_upload* upload, const void* content, size_t content_size,
                                          archaeo_error** error_out);

/* Outputs as archaeo_upload_path(). The handle stays to be freed. Blocks: disk. Errors: as archaeo_upload_path() and
 * ..._append(). */
ARCHAEO_API int32_t archaeo_upload_finish(archaeo_upload* upload, archaeo_source** source_out, archaeo_job** job_out,
                                          archaeo_error** error_out);

/* Forgets what was appended. The handle stays to be freed. Blocks: disk. Errors: ARCHAEO_CONFLICT (it is finished). */
ARCHAEO_API int32_t archaeo_upload_abort(archaeo_upload* upload, archaeo_error** error_out);

/* Aborts what is not finished. Blocks: disk. */
ARCHAEO_API void archaeo_upload_free(archaeo_upload* upload);

/* A piece of a file of total_size bytes that may come over several programs' lives: what arrived stays for 24 h. Pieces
 * belong together when project, filename, user and total_size agree. offset: at most as many bytes as are there;
 * repeating some is no error, and where they differ they take the place of those and of all behind. Of no bytes: asks
 * only. *received_out says how many are there, durably; with the last, source and job come as from
 * archaeo_upload_path(). Thread-safe. Blocks: disk. Errors: as archaeo_upload_path(), ARCHAEO_CONFLICT (a gap, or
 * another call is adding to this file). */
ARCHAEO_API int32_t archaeo_upload_piece(archaeo_engine* engine, int64_t project_id, const char* filename,
                                         const archaeo_upload_options* options, uint64_t offset, uint64_t total_size,
                                         const void* content, size_t content_size, uint64_t* received_out,
                                         archaeo_source** source_out, archaeo_job** job_out, archaeo_error** error_out);

/* -------------------------------------------------------------------------------------------------------- Jobs
 *
 * An archaeo_job is a copy of what a job was like when it was asked for. completed, failed and cancelled are final. */
enum {
    ARCHAEO_JOB_PENDING = 1,
    ARCHAEO_JOB_QUEUED = 2,
    ARCHAEO_JOB_RUNNING = 3,
    ARCHAEO_JOB_COMPLETED = 4,
    ARCHAEO_JOB_FAILED = 5,
    ARCHAEO_JOB_CANCELLED = 6
};

/* With its attempts, which are in the JSON. Thread-safe. Blocks: disk. Errors: ARCHAEO_NOT_FOUND. */
ARCHAEO_API int32_t archaeo_job_get(archaeo_engine* engine, const char* job_id, archaeo_job** job_out,
                                    archaeo_error** error_out);

/* Which jobs a list has; zeros do not restrict. */
typedef struct archaeo_job_filter {
    size_t struct_size;
    int32_t status; /* ARCHAEO_JOB_... */
    const char* job_type;
    int64_t project_id;
} archaeo_job_filter;

/* A page of jobs, newest first, without attempts: page 1 is the first, a page has `capacity` (1 to 1,000). filter may
 * be NULL. Fills jobs_out; *count_out says how many, *total_out (may be NULL) how many there are in all. Thread-safe.
 * Blocks: disk. */
ARCHAEO_API int32_t archaeo_job_list(archaeo_engine* engine, const archaeo_job_filter* filter, int64_t page,
                                     archaeo_job** jobs_out, size_t capacity, size_t* count_out, int64_t* total_out,
                                     archaeo_error** error_out);

/* Waits until a job is finished, and gives it as it then is; after timeout_ms as it is: ask archaeo_job_is_finished().
 * Thread-safe. Blocks: up to timeout_ms. Errors: ARCHAEO_NOT_FOUND. */
ARCHAEO_API int32_t archaeo_job_wait(archaeo_engine* engine, const char* job_id, int64_t timeout_ms,
                                     archaeo_job** job_out, archaeo_error** error_out);

/* Final and durable at once; a running job's worker learns of it when it next extends its lease. Cancels a batch's children too.
 * Thread-safe. Blocks: disk. Errors: ARCHAEO_NOT_FOUND, ARCHAEO_CONFLICT (already finished). */
ARCHAEO_API int32_t archaeo_job_cancel(archaeo_engine* engine, const char* job_id, archaeo_error** error_out);

/* Makes a new job like a finished one. job_out (may be NULL) is the new one. Thread-safe. Blocks: disk. Errors:
 * ARCHAEO_NOT_FOUND, ARCHAEO_CONFLICT (not finished). */
ARCHAEO_API int32_t archaeo_job_retry(archaeo_engine* engine, const char* job_id, archaeo_job** job_out,
                                      archaeo_error** error_out);

/* Forgets a finished job and, of a batch, its children. Thread-safe. Blocks: disk. Errors: ARCHAEO_NOT_FOUND,
 * ARCHAEO_CONFLICT (not finished). */
ARCHAEO_API int32_t archaeo_job_delete(archaeo_engine* engine, const char* job_id, archaeo_error** error_out);

enum { ARCHAEO_BULK_CANCEL = 1, ARCHAEO_BULK_RETRY = 2, ARCHAEO_BULK_DELETE = 3, ARCHAEO_BULK_SET_PRIORITY = 4 };

/* Which jobs a bulk action means: those that fit all that is given, of which there must be something. */
typedef struct archaeo_job_selection {
    size_t struct_size;
    const char* const* job_ids;
    size_t job_id_count; /* at most 10,000 */
    int32_t status;      /* ARCHAEO_JOB_... */
    const char* job_type;
    int64_t project_id;
} archaeo_job_selection;

/* archaeo_job_cancel() and its like for many. action: ARCHAEO_BULK_...; priority is that of ..._SET_PRIORITY, else 0.
 * Counts (either may be NULL): changed, and refused, being in no state for it. Not atomic as a whole, safe to repeat.
 * Thread-safe. Blocks: disk, for as long as it takes. */
ARCHAEO_API int32_t archaeo_job_bulk(archaeo_engine* engine, const archaeo_job_selection* selection, int32_t action,
                                     int32_t priority, int64_t* changed_out, int64_t* refused_out,
                                     archaeo_error** error_out);

/* Until it runs. priority: ARCHAEO_PRIORITY_.... Thread-safe. Blocks: disk. Errors: ARCHAEO_NOT_FOUND,
 * ARCHAEO_CONFLICT (running or finished). */
ARCHAEO_API int32_t archaeo_job_set_priority(archaeo_engine* engine, const char* job_id, int32_t priority,
                                             archaeo_error** error_out);

/* Counts, mean duration and success rate as a JSON object. user_id 0 means everybody's jobs. Thread-safe. Blocks:
 * disk. */
ARCHAEO_API int32_t archaeo_job_stats(archaeo_engine* engine, int64_t user_id, archaeo_buffer** stats_out,
                                      archaeo_error** error_out);

/* Accessors; block: no. The JSON has all fields. */
ARCHAEO_API archaeo_str archaeo_job_id(const archaeo_job* job);
ARCHAEO_API archaeo_str archaeo_job_type(const archaeo_job* job);
ARCHAEO_API int32_t archaeo_job_status(const archaeo_job* job);
ARCHAEO_API int32_t archaeo_job_is_finished(const archaeo_job* job);
ARCHAEO_API int32_t archaeo_job_priority(const archaeo_job* job);
ARCHAEO_API int64_t archaeo_job_project_id(const archaeo_job* job);
ARCHAEO_API int64_t archaeo_job_source_id(const archaeo_job* job);
ARCHAEO_API archaeo_str archaeo_job_data(const archaeo_job* job);   /* JSON */
ARCHAEO_API archaeo_str archaeo_job_result(const archaeo_job* job); /* JSON; empty until completed */
ARCHAEO_API archaeo_str archaeo_job_error_message(const archaeo_job* job);
ARCHAEO_API int64_t archaeo_job_created_at_ms(const archaeo_job* job);
ARCHAEO_API int64_t archaeo_job_finished_at_ms(const archaeo_job* job);
ARCHAEO_API int64_t archaeo_job_progress_current(const archaeo_job* job);
ARCHAEO_API int64_t archaeo_job_progress_total(const archaeo_job* job);
ARCHAEO_API archaeo_str archaeo_job_progress_message(const archaeo_job* job);
ARCHAEO_API archaeo_str archaeo_job_worker_id(const archaeo_job* job);
ARCHAEO_API int32_t archaeo_job_retry_count(const archaeo_job* job);
ARCHAEO_API archaeo_str archaeo_job_json(const archaeo_job* job);
ARCHAEO_API void archaeo_job_free(archaeo_job* job);

/* ------------------------------------------------------------------------------------------------------- Queue
 *
 * Durable jobs of any type, done by whoever claims them: a job accepted is never lost and ends exactly once; who has
 * lost its lease is refused. The built-in worker takes only the types it knows (file_processing, batch_processing);
 * all others are yours. A handler may run twice, when the first one's process died: what it does must bear that.
 *
 *     for (;;) {
 *         archaeo_lease* lease = NULL;
 *         size_t count = 0;
 *         archaeo_queue_claim(engine, "me", types, 1, 30000, &lease, 1, &count, NULL);
 *         if (count == 0) continue;
 *         ... archaeo_lease_data(lease) ...                      and archaeo_lease_extend() every few seconds
 *         archaeo_lease_complete(lease, "{}", 2, NULL);
 *         archaeo_lease_free(lease);
 *     } */
typedef struct archaeo_new_job {
    size_t struct_size;
    const char* job_type;  /* 1 to 64 of a-z A-Z 0-9 . _ - */
    const char* data_json; /* an object of data_size bytes, at most 1 MiB; NULL = {} */
    size_t data_size;
    const char* job_id;      /* NULL = a new one; the same id again changes nothing */
    int64_t project_id;      /* jobs of different projects take turns; 0 = of none */
    int64_t user_id;         /* 0 = the local user, 1 */
    int32_t priority;        /* ARCHAEO_PRIORITY_...; 0 = normal */
    int32_t max_retries;     /* to 100; 0 = 3, ARCHAEO_NONE = none */
    int64_t timeout_ms;      /* of each attempt; whole seconds to 7 days; 0 = an hour */
    int64_t scheduled_at_ms; /* not before this time */
} archaeo_new_job;

/* Accepts up to 10,000 jobs, all or none. ids_out (may be NULL) has room for job_count ids, which come in order.
 * idempotency_key (may be NULL), 1 to 255 bytes: within 24 h the same key gives the first call's ids instead of making
 * jobs. Thread-safe. Blocks: disk. Errors: ARCHAEO_UNAVAILABLE, ARCHAEO_STORAGE_FULL, ARCHAEO_INVALID_ARGUMENT (also
 * when the key came with other jobs). */
ARCHAEO_API int32_t archaeo_queue_enqueue(archaeo_engine* engine, const archaeo_new_job* jobs, size_t job_count,
                                          const char* idempotency_key, archaeo_id* ids_out, archaeo_error** error_out);

/* The right to run one job, until the lease's time is over or it is settled. One thread at a time. */
typedef struct archaeo_lease archaeo_lease;

/* Leases the best ready jobs, at most `capacity` (1 to 256, no more than you will start now). worker_id: 1 to 200
 * bytes, who claims. job_types NULL with count 0 means all types, the built-in ones included (which you should leave
 * alone); at most 64. Fills leases_out; *count_out says how many: 0 is no error, nothing was ready. Thread-safe.
 * Blocks: up to timeout_ms. Errors: ARCHAEO_UNAVAILABLE (retriable). */
ARCHAEO_API int32_t archaeo_queue_claim(archaeo_engine* engine, const char* worker_id, const char* const* job_types,
                                        size_t job_type_count, int64_t timeout_ms, archaeo_lease** leases_out,
                                        size_t capacity, size_t* count_out, archaeo_error** error_out);

/* A claiming process shows itself, so that its leases end at once when it dies, and so that other processes' jobs wake
 * it at once. Nobody has to. Thread-safe. Blocks: disk. Errors of join: ARCHAEO_CONFLICT (a live worker has the id).
 * leave is idempotent. */
ARCHAEO_API int32_t archaeo_queue_join(archaeo_engine* engine, const char* worker_id, archaeo_error** error_out);
ARCHAEO_API int32_t archaeo_queue_leave(archaeo_engine* engine, const char* worker_id, archaeo_error** error_out);

/* A descriptor for poll(), select() and event loops that becomes readable when it is worth claiming: something in the
 * queue has changed, or a second has passed in which a job's time may have come. Then call archaeo_queue_wake_clear()
 * and after it claim with timeout 0 until nothing comes. False alarms happen. It belongs to the engine, which closes
 * it; do not read, write or close it. The same for all calls. Thread-safe. Blocks: no. Errors: ARCHAEO_IO_ERROR (no
 * descriptor is left). */
ARCHAEO_API int32_t archaeo_queue_wake_fd(archaeo_engine* engine, int* fd_out, archaeo_error** error_out);
/* Makes it unreadable until the next change. Thread-safe. Blocks: no. */
ARCHAEO_API int32_t archaeo_queue_wake_clear(archaeo_engine* engine, archaeo_error** error_out);

/* Paused, nothing is claimed; what runs goes on. Idempotent, durable, for all processes. Thread-safe. Blocks: disk. */
ARCHAEO_API int32_t archaeo_queue_pause(archaeo_engine* engine, archaeo_error** error_out);
ARCHAEO_API int32_t archaeo_queue_resume(archaeo_engine* engine, archaeo_error** error_out);

/* Counts by status and priority, the oldest waiting, workers, paused, degraded: a JSON object. Thread-safe. Blocks:
 * disk. */
ARCHAEO_API int32_t archaeo_queue_stats(archaeo_engine* engine, archaeo_buffer** stats_out, archaeo_error** error_out);

/* What the queue did in each minute of the last window_ms (whole minutes, to 7 days) in which something happened: a
 * JSON array of {"at","queued","completed","failed","cancelled"}. Thread-safe. Blocks: disk. */
ARCHAEO_API int32_t archaeo_queue_history(archaeo_engine* engine, int64_t window_ms, archaeo_buffer** minutes_out,
                                          archaeo_error** error_out);

/* Those that joined and live, in whatever process or host: a JSON array. Thread-safe. Blocks: disk, Redis. */
ARCHAEO_API int32_t archaeo_queue_workers(archaeo_engine* engine, archaeo_buffer** workers_out,
                                          archaeo_error** error_out);

/* How jobs are ordered. Kept by the queue, for all processes, as are limits and periodic jobs. */
typedef struct archaeo_queue_order {
    size_t struct_size;
    int32_t strict; /* 0: a priority is a head start in time, and nothing starves; 1: a higher one always comes first */
    int64_t share_ms; /* by how much a job puts off its project's next, to 60,000; 0 = 20, ARCHAEO_NONE = not at all */
} archaeo_queue_order;

/* order NULL: the defaults. Thread-safe. Blocks: disk. Errors: ARCHAEO_CONFLICT (the queue has unfinished jobs). */
ARCHAEO_API int32_t archaeo_queue_set_order(archaeo_engine* engine, const archaeo_queue_order* order,
                                            archaeo_error** error_out);

/* At most running_max jobs (0 = none is started, to 1,000,000) of a project, or of a job type, run at once: either
 * project_id is 0 or job_type NULL. Those that run go on. At most 1,000 limits. Thread-safe. Blocks: disk. Errors of
 * remove: ARCHAEO_NOT_FOUND. */
ARCHAEO_API int32_t archaeo_queue_set_limit(archaeo_engine* engine, int64_t project_id, const char* job_type,
                                            int64_t running_max, archaeo_error** error_out);
ARCHAEO_API int32_t archaeo_queue_remove_limit(archaeo_engine* engine, int64_t project_id, const char* job_type,
                                               archaeo_error** error_out);

/* {"paused","strict","head_starts_ms","share_ms","limits":[...]}, a JSON object. Thread-safe. Blocks: disk. */
ARCHAEO_API int32_t archaeo_queue_settings(archaeo_engine* engine, archaeo_buffer** settings_out,
                                           archaeo_error** error_out);

/* Has a job made again and again, by whatever process claims; adds it or replaces the one of this name (1 to 200
 * bytes, at most 1,000 in all). cron: "minute hour day month weekday" in UTC, or @hourly, @daily, @weekly, @monthly,
 * @yearly. A moment that passed while nothing claimed makes one job. job: without job_id and scheduled_at. Thread-safe.
 * Blocks: disk. Errors of remove: ARCHAEO_NOT_FOUND. */
ARCHAEO_API int32_t archaeo_periodic_set(archaeo_engine* engine, const char* name, const char* cron,
                                         const archaeo_new_job* job, archaeo_error** error_out);
ARCHAEO_API int32_t archaeo_periodic_remove(archaeo_engine* engine, const char* name, archaeo_error** error_out);

/* A JSON array of {"name","cron","next_at","job_type",...}. Thread-safe. Blocks: disk. */
ARCHAEO_API int32_t archaeo_periodic_list(archaeo_engine* engine, archaeo_buffer** periodic_out,
                                          archaeo_error** error_out);

/* Accessors; block: no. They work also after the lease is settled or lost. */
ARCHAEO_API archaeo_str archaeo_lease_job_id(const archaeo_lease* lease);
ARCHAEO_API archaeo_str archaeo_lease_job_type(const archaeo_lease* lease);
ARCHAEO_API archaeo_str archaeo_lease_data(const archaeo_lease* lease); /* JSON */
ARCHAEO_API int32_t archaeo_lease_attempt(const archaeo_lease* lease);  /* 1 for the first claim */
ARCHAEO_API uint64_t archaeo_lease_epoch(const archaeo_lease* lease);   /* of this claim; never repeats for a job */
ARCHAEO_API int32_t archaeo_lease_priority(const archaeo_lease* lease);
ARCHAEO_API int64_t archaeo_lease_project_id(const archaeo_lease* lease);
ARCHAEO_API int64_t archaeo_lease_source_id(const archaeo_lease* lease);
ARCHAEO_API int64_t archaeo_lease_until_ms(const archaeo_lease* lease);    /* when claimed; extending puts it off */
ARCHAEO_API int64_t archaeo_lease_deadline_ms(const archaeo_lease* lease); /* extending never goes past it */
/* Does not release the job: one that is not settled goes back to the queue when the lease's time is over. */
ARCHAEO_API void archaeo_lease_free(archaeo_lease* lease);

/* Keeps the lease for another lease_ms of the options. Call it about every third of that. Different leases: any
 * threads. Blocks: disk. Errors: ARCHAEO_LEASE_LOST (stop, write nothing more), ARCHAEO_CANCELLED (stop; the job
 * has ended, there is nothing to settle), ARCHAEO_UNAVAILABLE (retriable until the lease ends). */
ARCHAEO_API int32_t archaeo_lease_extend(archaeo_lease* lease, archaeo_error** error_out);

/* The same, and shows users how far it is: current of total, and a message (may be NULL, at most 1 KiB is kept). */
ARCHAEO_API int32_t archaeo_lease_progress(archaeo_lease* lease, int64_t current, int64_t total, const char* message,
                                           archaeo_error** error_out);

/* Gives the finished job back to the queue as completed. result_json: UTF-8, an object of at most 16 MiB; NULL with
 * size 0 stands for {}. The lease stays yours to free and is spent after a success. Different leases: any threads.
 * Blocks: disk. Errors: ARCHAEO_LEASE_LOST when another worker holds the job by now (drop your result: its result
 * counts), ARCHAEO_CONFLICT when you have settled it already, ARCHAEO_UNAVAILABLE (retriable until the lease ends). */
ARCHAEO_API int32_t archaeo_lease_complete(archaeo_lease* lease, const char* result_json, size_t result_size,
                                           archaeo_error** error_out);

enum {
    ARCHAEO_FAIL_RETRY = 1,    /* it comes back after a pause, until its retries are spent */
    ARCHAEO_FAIL_PERMANENT = 2 /* more attempts would not help */
};

/* As failed. message (may be NULL) is shown to users; of a longer one 8 KiB are kept. kind: ARCHAEO_FAIL_..., 0 =
 * retry. Otherwise as complete. */
ARCHAEO_API int32_t archaeo_lease_fail(archaeo_lease* lease, const char* message, int32_t kind,
                                       archaeo_error** error_out);

/* Not before wait_ms (to 3,600,000, an hour) have passed, without spending a retry: for rate limits and outages. Otherwise as
 * fail. */
ARCHAEO_API int32_t archaeo_lease_delay(archaeo_lease* lease, const char* message, int64_t wait_ms,
                                        archaeo_error** error_out);

/* Hands it back unfinished, for somebody else to start at once; spends no retry. Otherwise as complete. */
ARCHAEO_API int32_t archaeo_lease_release(archaeo_lease* lease, archaeo_error** error_out);

/* ------------------------------------------------------------------------------------------------------ Worker
 *
 * The built-in worker: it processes files on threads of the library, as many at once as the options' `workers` say.
 * One an engine; an ingest brings workers of its own, which stopping this one leaves alone. */
typedef struct archaeo_worker archaeo_worker;

/* Starts it. Thread-safe. Blocks: no. Errors: ARCHAEO_CONFLICT (it runs). */
ARCHAEO_API int32_t archaeo_worker_start(archaeo_engine* engine, archaeo_worker** worker_out,
                                         archaeo_error** error_out);

/* Begins to drain it: it claims no more, running jobs have the options' grace time, then they are handed back. Waits
 * up to timeout_ms for that. Thread-safe. Blocks: up to timeout_ms. Errors: ARCHAEO_TIMED_OUT (it goes on draining;
 * ask again), ARCHAEO_CONFLICT (the engine is closed). */
ARCHAEO_API int32_t archaeo_worker_drain(archaeo_worker* worker, int64_t timeout_ms, archaeo_error** error_out);

/* Drains it to the end; after that another may be started. Idempotent. Thread-safe. Blocks: up to the grace time and
 * 2 s more. */
ARCHAEO_API int32_t archaeo_worker_stop(archaeo_worker* worker, archaeo_error** error_out);

/* A JSON object: worker_id, state ("running", "refused", "degraded", "draining", "stopped"), running jobs, processed,
 * failed, ... Thread-safe. Blocks: no. */
ARCHAEO_API int32_t archaeo_worker_status(archaeo_worker* worker, archaeo_buffer** status_out,
                                          archaeo_error** error_out);

/* Stops it, too. Blocks: as archaeo_worker_stop(). */
ARCHAEO_API void archaeo_worker_free(archaeo_worker* worker);

/* ------------------------------------------------------------------------------------------------------ Search */

enum {
    ARCHAEO_SEARCH_HYBRID = 1,
    ARCHAEO_SEARCH_WORDS = 2,    /* BM25 */
    ARCHAEO_SEARCH_SEMANTIC = 3, /* nearness of vectors */
    ARCHAEO_SEARCH_LITERAL = 4   /* the query's characters, exactly */
};

typedef struct archaeo_search_options {
    size_t struct_size;
    int32_t mode;               /* ARCHAEO_SEARCH_...; 0 = hybrid */
    int32_t ignore_case;        /* literal only */
    int32_t whole_word;         /* literal only */
    uint32_t limit;             /* 1 to 1,000; 0 = 10 */
    uint32_t offset;            /* to 10,000 */
    int32_t per_source;         /* hits of one source at most; 0 = 3, ARCHAEO_NONE = no bound */
    const int64_t* project_ids; /* none = all projects; at most 1,000 */
    size_t project_id_count;
    const int64_t* source_ids; /* none = all sources; at most 1,000 */
    size_t source_id_count;
    const char* const* languages; /* "python", "german", ...; none = all; at most 100 */
    size_t language_count;
    const char* const* file_types; /* "code", "markdown", ...; none = all; at most 100 */
    size_t file_type_count;
    const char* path_glob;  /* * within a folder, ** across, ? one character; without a / on the name's last part */
    int32_t regex;          /* literal only: the query is a regular expression of RE2, matched within a line */
    uint32_t context_lines; /* around a hit's content, in archaeo_hits_before() and _after(); to 100 */
} archaeo_search_options;

/* What was found, best first. One thread at a time. */
typedef struct archaeo_hits archaeo_hits;

/* query: 1 to 4,096 bytes of UTF-8; taken as it is in mode literal, else words, of which any may match, and
 *     "these words"                               must stand so
 *     begin*                                      a word that begins so
 *     path:GLOB lang:NAME type:NAME symbol:NAME   only there; of several of one field any
 *     -word -"words" -begin* -path:GLOB ...       must not be there
 * options may be NULL. Thread-safe. Blocks: disk, and while the embedder computes. Errors: ARCHAEO_NOT_FOUND (project),
 * ARCHAEO_INVALID_ARGUMENT (what cannot be parsed, and why). */
ARCHAEO_API int32_t archaeo_search(archaeo_engine* engine, const char* query, size_t query_size,
                                   const archaeo_search_options* options, archaeo_hits** hits_out,
                                   archaeo_error** error_out);

/* Accessors; block: no. The JSON is the whole reply: results with why, highlights and also_in; coverage, note, ... */
ARCHAEO_API size_t archaeo_hits_count(const archaeo_hits* hits);
ARCHAEO_API uint64_t archaeo_hits_total_found(const archaeo_hits* hits);
ARCHAEO_API archaeo_str archaeo_hits_chunk_id(const archaeo_hits* hits, size_t index);
ARCHAEO_API archaeo_str archaeo_hits_content(const archaeo_hits* hits, size_t index);
ARCHAEO_API double archaeo_hits_score(const archaeo_hits* hits, size_t index); /* comparable within one reply only */
ARCHAEO_API int64_t archaeo_hits_project_id(const archaeo_hits* hits, size_t index);
ARCHAEO_API int64_t archaeo_hits_source_id(const archaeo_hits* hits, size_t index);
ARCHAEO_API archaeo_str archaeo_hits_source_name(const archaeo_hits* hits, size_t index);
ARCHAEO_API archaeo_str archaeo_hits_heading(const archaeo_hits* hits, size_t index);
ARCHAEO_API archaeo_str archaeo_hits_symbol(const archaeo_hits* hits, size_t index); /* the definition it is in */
ARCHAEO_API archaeo_str archaeo_hits_before(const archaeo_hits* hits, size_t index); /* context_lines before content */
ARCHAEO_API archaeo_str archaeo_hits_after(const archaeo_hits* hits, size_t index);
ARCHAEO_API uint64_t archaeo_hits_begin(const archaeo_hits* hits, size_t index); /* bytes of archaeo_source_text() */
ARCHAEO_API uint64_t archaeo_hits_end(const archaeo_hits* hits, size_t index);
ARCHAEO_API uint64_t archaeo_hits_first_line(const archaeo_hits* hits, size_t index); /* from 1 */
ARCHAEO_API uint64_t archaeo_hits_last_line(const archaeo_hits* hits, size_t index);
ARCHAEO_API archaeo_str archaeo_hits_note(const archaeo_hits* hits); /* where the mode cannot mean what its name says */
ARCHAEO_API archaeo_str archaeo_hits_json(const archaeo_hits* hits);
ARCHAEO_API void archaeo_hits_free(archaeo_hits* hits);

/* ------------------------------------------------------------------------------------------------------ Events
 *
 * What happened, in order, behind a cursor. Events are a hint for followers; jobs and sources are the truth. At least
 * the newest 200,000 are kept. */
typedef struct archaeo_event_filter {
    size_t struct_size;
    const char* job_id;
    int64_t project_id;
    uint32_t limit; /* 1 to 1,000; 0 = 1,000 */
} archaeo_event_filter;

/* One thread at a time. */
typedef struct archaeo_events archaeo_events;

/* Events with an id above `after` (0 = from the oldest), oldest first; waits up to timeout_ms for the first one,
 * looking several times a second. filter may be NULL. Go on from archaeo_events_cursor(). Thread-safe. Blocks: up to
 * timeout_ms. */
ARCHAEO_API int32_t archaeo_events_poll(archaeo_engine* engine, int64_t after, const archaeo_event_filter* filter,
                                        int64_t timeout_ms, archaeo_events** events_out, archaeo_error** error_out);

/* Accessors; block: no. */
ARCHAEO_API size_t archaeo_events_count(const archaeo_events* events);
/* What to poll after the next time: the last one's id, or `after` when there is none. */
ARCHAEO_API int64_t archaeo_events_cursor(const archaeo_events* events);
/* Of all that are kept, filtered or not: who polls after one before the oldest has missed some. 0 when there was none
 * ever. */
ARCHAEO_API int64_t archaeo_events_oldest_id(const archaeo_events* events);
ARCHAEO_API int64_t archaeo_events_newest_id(const archaeo_events* events);
ARCHAEO_API int64_t archaeo_events_id(const archaeo_events* events, size_t index);
ARCHAEO_API int64_t archaeo_events_at_ms(const archaeo_events* events, size_t index);
ARCHAEO_API archaeo_str archaeo_events_kind(const archaeo_events* events, size_t index); /* "job.completed", ... */
ARCHAEO_API archaeo_str archaeo_events_job_id(const archaeo_events* events, size_t index);
ARCHAEO_API int64_t archaeo_events_project_id(const archaeo_events* events, size_t index);
ARCHAEO_API int64_t archaeo_events_source_id(const archaeo_events* events, size_t index);
ARCHAEO_API archaeo_str archaeo_events_json(const archaeo_events* events, size_t index);
ARCHAEO_API void archaeo_events_free(archaeo_events* events);

/* ----------------------------------------------------------------------------------------------------- Vectors
 *
 * Chunks with their words and vectors, to be kept and asked without projects, uploads and jobs; a folder of its own,
 * no engine needed. A document is (project_id, source_id, generation), numbers and a UUID of your own; NULL as
 * generation stands for the UUID of zeros. */
typedef struct archaeo_vectors archaeo_vectors;

/* Opens or makes a folder for vectors of one length. Several processes of one machine may share it. Thread-safe.
 * Blocks: disk. Errors: ARCHAEO_PERMISSION_DENIED, ARCHAEO_INCOMPATIBLE, ARCHAEO_IO_ERROR. */
ARCHAEO_API int32_t archaeo_vectors_open(const char* folder, size_t dimension, archaeo_vectors** vectors_out,
                                         archaeo_error** error_out);

/* The engine's own, with its sources' chunks; what you add there should be of a project made for it. Points and
 * queries may come without a vector: the engine's embedder makes them. Thread-safe. Blocks: no. */
ARCHAEO_API int32_t archaeo_engine_vectors(archaeo_engine* engine, archaeo_vectors** vectors_out,
                                           archaeo_error** error_out);

/* Blocks: until calls that use it have returned. */
ARCHAEO_API void archaeo_vectors_free(archaeo_vectors* vectors);

typedef struct archaeo_document {
    size_t struct_size;
    int64_t project_id; /* at least 1 */
    int64_t source_id;  /* at least 1 */
    const char* generation;
    const char* source_name; /* matched by path_glob; NULL = "" */
    const char* file_type;   /* "text", "code", ...; NULL = "text" */
    const char* language;    /* "python", "german", ...: a programming language, or prose's; NULL = "" */
} archaeo_document;

typedef struct archaeo_point {
    size_t struct_size;
    uint32_t ordinal;    /* 0, 1, 2, ... in the document */
    uint64_t core_begin; /* the bytes of the document it stands for: from 0 on without a gap */
    uint64_t core_end;
    uint64_t context_begin; /* where `text` begins: at most core_begin. It ends where the core ends */
    uint64_t first_line;    /* of the core, from 1; 0 = 1 */
    uint64_t last_line;     /* 0 = first_line */
    const char* heading;    /* at most 4,096 bytes; NULL = "" */
    const char* text;       /* UTF-8, core_end - context_begin bytes, at most 1 MiB */
    size_t text_size;
    const float* vector; /* NULL: the engine makes it, in an engine's own */
    size_t vector_size;  /* the dimension, in floats; 0 with NULL */
} archaeo_point;

/* Stores points of one document, in order of ordinal, over any number of calls of at most 10,000. The same again
 * changes nothing; one that differs replaces it and all behind it. Thread-safe. Blocks: disk; durable on return.
 * Errors: ARCHAEO_INVALID_ARGUMENT (also: a vector of another length or not finite, not in order, a gap), ARCHAEO_STORAGE_FULL, ARCHAEO_UNAVAILABLE. */
ARCHAEO_API int32_t archaeo_vectors_upsert(archaeo_vectors* vectors, const archaeo_document* document,
                                           const archaeo_point* points, size_t point_count, archaeo_error** error_out);

/* Removes a document's points; nothing there is no error. source_id 0 (with generation NULL): all of the project.
 * Thread-safe. Blocks: disk. */
ARCHAEO_API int32_t archaeo_vectors_delete(archaeo_vectors* vectors, int64_t project_id, int64_t source_id,
                                           const char* generation, archaeo_error** error_out);

/* How many points of a document are stored. Thread-safe. Blocks: disk. */
ARCHAEO_API int32_t archaeo_vectors_count(archaeo_vectors* vectors, int64_t project_id, int64_t source_id,
                                          const char* generation, uint64_t* count_out, archaeo_error** error_out);

typedef struct archaeo_vector_query {
    size_t struct_size;
    int64_t project_id;
    const char* words;   /* asks by words (BM25) ... */
    size_t words_size;   /* at most 4,096 */
    const float* vector; /* ... or by nearness (cosine): exactly one of words, vector and nearest_to */
    size_t vector_size;
    const char* nearest_to; /* ... or by nearness to this text; in an engine's own */
    size_t nearest_to_size; /* at most 1 MiB */
    uint32_t limit;         /* 1 to 10,000; 0 = 10 */
    uint32_t offset;
    const int64_t* source_ids; /* none = all; at most 1,000 */
    size_t source_id_count;
    const char* path_glob;
} archaeo_vector_query;

/* One thread at a time. */
typedef struct archaeo_vector_hits archaeo_vector_hits;

/* Best first; equal scores by point id. Thread-safe. Blocks: disk. Errors: ARCHAEO_UNAVAILABLE. */
ARCHAEO_API int32_t archaeo_vectors_query(archaeo_vectors* vectors, const archaeo_vector_query* query,
                                          archaeo_vector_hits** hits_out, archaeo_error** error_out);

/* Accessors; block: no. */
ARCHAEO_API size_t archaeo_vector_hits_count(const archaeo_vector_hits* hits);
ARCHAEO_API archaeo_str archaeo_vector_hits_point_id(const archaeo_vector_hits* hits, size_t index);
ARCHAEO_API int64_t archaeo_vector_hits_source_id(const archaeo_vector_hits* hits, size_t index);
ARCHAEO_API archaeo_str archaeo_vector_hits_generation(const archaeo_vector_hits* hits, size_t index);
ARCHAEO_API uint32_t archaeo_vector_hits_ordinal(const archaeo_vector_hits* hits, size_t index);
ARCHAEO_API double archaeo_vector_hits_score(const archaeo_vector_hits* hits, size_t index);
ARCHAEO_API archaeo_str archaeo_vector_hits_text(const archaeo_vector_hits* hits, size_t index); /* the core's bytes */
ARCHAEO_API archaeo_str archaeo_vector_hits_heading(const archaeo_vector_hits* hits, size_t index);
ARCHAEO_API uint64_t archaeo_vector_hits_begin(const archaeo_vector_hits* hits, size_t index); /* of the core */
ARCHAEO_API uint64_t archaeo_vector_hits_end(const archaeo_vector_hits* hits, size_t index);
ARCHAEO_API uint64_t archaeo_vector_hits_first_line(const archaeo_vector_hits* hits, size_t index);
ARCHAEO_API uint64_t archaeo_vector_hits_last_line(const archaeo_vector_hits* hits, size_t index);
ARCHAEO_API void archaeo_vector_hits_free(archaeo_vector_hits* hits);

/* ----------------------------------------------------------------------------------------------------- Chunker
 *
 * Cuts a text into chunks for search. Needs no engine, reads and writes nothing. */
enum { ARCHAEO_TEXT_PLAIN = 1, ARCHAEO_TEXT_MARKDOWN = 2, ARCHAEO_TEXT_CODE = 3, ARCHAEO_TEXT_TABLE = 4 };

typedef struct archaeo_chunk_options {
    size_t struct_size;
    int32_t kind;           /* ARCHAEO_TEXT_...; 0 = plain */
    uint32_t target_tokens; /* 16 to 8,192; 0 = 300 */
    uint32_t max_tokens;    /* target to 16,384; 0 = 400 or a third above the target */
    double overlap; /* of the target, as context before the core; above 0 to 0.5; 0 = 0.15, ARCHAEO_NONE = none */
    const char*
        language; /* of code: "c++", "python", ...; NULL = judged by its beginning; unknown ones change nothing */
} archaeo_chunk_options;

/* One thread at a time. */
typedef struct archaeo_chunks archaeo_chunks;

/* text: UTF-8, at most 2 GiB. options may be NULL. Thread-safe. Blocks: computes, linear in the text's size. Errors:
 * ARCHAEO_INVALID_ARGUMENT (not UTF-8, options), ARCHAEO_TOO_LARGE. */
ARCHAEO_API int32_t archaeo_chunk(const char* text, size_t text_size, const archaeo_chunk_options* options,
                                  archaeo_chunks** chunks_out, archaeo_error** error_out);

/* Accessors; block: no. Ranges are half-open, in bytes of the text, which is not kept. Cores tile the text exactly, in
 * order; the context contains the core and is what to embed and index. Lines count from 1, both ends included. */
ARCHAEO_API size_t archaeo_chunks_count(const archaeo_chunks* chunks);
ARCHAEO_API uint64_t archaeo_chunks_begin(const archaeo_chunks* chunks, size_t index); /* of the core */
ARCHAEO_API uint64_t archaeo_chunks_end(const archaeo_chunks* chunks, size_t index);
ARCHAEO_API uint64_t archaeo_chunks_context_begin(const archaeo_chunks* chunks, size_t index);
ARCHAEO_API uint64_t archaeo_chunks_context_end(const archaeo_chunks* chunks, size_t index);
ARCHAEO_API uint64_t archaeo_chunks_first_line(const archaeo_chunks* chunks, size_t index);
ARCHAEO_API uint64_t archaeo_chunks_last_line(const archaeo_chunks* chunks, size_t index);
ARCHAEO_API uint32_t archaeo_chunks_tokens(const archaeo_chunks* chunks, size_t index); /* estimated, of the context */
ARCHAEO_API archaeo_str archaeo_chunks_heading(const archaeo_chunks* chunks, size_t index);
ARCHAEO_API void archaeo_chunks_free(archaeo_chunks* chunks);

/* Many chunks in one call, for bindings: eight numbers a chunk in the order of the accessors above (begin, end,
 * context_begin, context_end, first_line, last_line, tokens) and the heading's size last, of chunks from `first` on;
 * `values` has room for 8 * capacity. Gives how many chunks it wrote. Blocks: no. */
ARCHAEO_API size_t archaeo_chunks_copy(const archaeo_chunks* chunks, size_t first, size_t capacity, uint64_t* values);

/* ---------------------------------------------------------------------------------------------------- Analyzer
 *
 * What counts as a word for search: folded, stemmed, identifiers with their parts. Needs no engine, reads and writes
 * nothing. */

/* One thread at a time. */
typedef struct archaeo_terms archaeo_terms;

/* text: at most 64 MiB; bytes that are not UTF-8 separate words. Thread-safe. Blocks: computes, linear in the text's
 * size. Errors: ARCHAEO_TOO_LARGE. */
ARCHAEO_API int32_t archaeo_analyze(const char* text, size_t text_size, archaeo_terms** terms_out,
                                    archaeo_error** error_out);

/* Accessors; block: no. In order of the text. */
ARCHAEO_API size_t archaeo_terms_count(const archaeo_terms* terms);
ARCHAEO_API archaeo_str archaeo_terms_text(const archaeo_terms* terms, size_t index);
ARCHAEO_API uint64_t archaeo_terms_begin(const archaeo_terms* terms, size_t index); /* the bytes it came from */
ARCHAEO_API uint64_t archaeo_terms_end(const archaeo_terms* terms, size_t index);
/* 1 when it stands where the one before it does (a part of an identifier), else 0. */
ARCHAEO_API int32_t archaeo_terms_same_position(const archaeo_terms* terms, size_t index);
ARCHAEO_API void archaeo_terms_free(archaeo_terms* terms);

/* Many terms in one call, for bindings: four numbers a term (begin, end, same_position, the text's size) of terms from
 * `first` on into `values`, with room for 4 * capacity, and their texts one behind the other into `texts`, with room
 * for 64 * capacity bytes. Gives how many terms it wrote. Blocks: no. */
ARCHAEO_API size_t archaeo_terms_copy(const archaeo_terms* terms, size_t first, size_t capacity, uint64_t* values,
                                      char* texts);

#ifdef __cplusplus
}
#endif

#endif
