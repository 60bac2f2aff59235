/* archaeologist.h - the C interface of libarchaeologist (libarchaeologist.so.0).
 *
 * Files in, searchable knowledge out: a program hands over files, they are stored at once and become searchable a moment
 * later. This one header is the whole C ABI and its manual. It is C99, compiles as C++ too, and is what the bindings for
 * other languages are made of. C++ programs may prefer the C++ interface beside it (the *.hpp files).
 *
 * Using it
 *     CMake         find_package(archaeologist REQUIRED COMPONENTS capi)
 *                   target_link_libraries(program PRIVATE archaeologist::capi)
 *     pkg-config    cc program.c $(pkg-config --cflags --libs archaeologist)
 *
 * Stability
 *     The soname (libarchaeologist.so.0) changes when something in this header is removed or changes its meaning; a
 *     program then has to be compiled again. Within one soname things are only added, and each release that adds
 *     something raises ARCHAEO_ABI_VERSION by one. So a program compiled with this header runs with every library of the
 *     same soname whose archaeo_abi_version() is at least its own ARCHAEO_ABI_VERSION.
 *     Until 0.1.0 is released nothing is promised yet.
 *     What is to go away is first marked as deprecated here, for at least one minor version, and goes only together with a
 *     new soname. The project's version (archaeo_version_string) counts features and is not part of this promise.
 *
 * Manners
 *     The library never writes to standard output or standard error, never ends the process, installs no signal handler
 *     and reads no environment variable. No C++ exception crosses it.
 */
#ifndef ARCHAEOLOGIST_ARCHAEOLOGIST_H
#define ARCHAEOLOGIST_ARCHAEOLOGIST_H

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

/* Versions */

/* The ABI this header describes; see "Stability" above. */
#define ARCHAEO_ABI_VERSION 1

/* The ABI the loaded library has. Thread-safe, does not block, cannot fail. */
ARCHAEO_API int32_t archaeo_abi_version(void);

/* The version of the loaded library, "MAJOR.MINOR.PATCH". Static: valid as long as the library is loaded, never freed.
 * Thread-safe, does not block, cannot fail. */
ARCHAEO_API const char* archaeo_version_string(void);

/* Codes
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
    ARCHAEO_CANCELLED = 6,
    ARCHAEO_TIMED_OUT = 7, /* retriable */
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

#ifdef __cplusplus
}
#endif

#endif
