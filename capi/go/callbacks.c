// Hands the library's callbacks on to Go, where user data is a number: Go code must not see it as a pointer.
#include "_cgo_export.h"
#include "shim.h"

static void tell(int32_t level, const char* message, size_t message_size, const char* job_id, void* user_data) {
    goArchaeoLog(level, (char*)message, message_size, (char*)job_id, (uintptr_t)user_data);
}

static int32_t embed(const archaeo_str* texts, size_t text_count, int32_t role, float* vectors,
                     archaeo_error** error_out, void* user_data) {
    return goArchaeoEmbed((archaeo_str*)texts, text_count, role, vectors, error_out, (uintptr_t)user_data);
}

static void release(void* user_data) { goArchaeoRelease((uintptr_t)user_data); }

void go_archaeo_set_log(archaeo_options* options, uintptr_t handle) {
    options->log = tell;
    options->log_user_data = (void*)handle;
}

void go_archaeo_set_embedder(archaeo_embedder* embedder, uintptr_t handle) {
    embedder->embed = embed;
    embedder->release = release;
    embedder->user_data = (void*)handle;
}
