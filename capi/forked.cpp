#include "forked.hpp"

#include <pthread.h>

#include <atomic>
#include <cstdint>

namespace archaeologist::capi {
namespace {

std::atomic<std::int64_t> open_count{0};
std::atomic<bool> is_spoilt{false};

// Runs in the child, right after the fork.
void note_fork() {
    if (open_count.exchange(0) > 0) is_spoilt.store(true);
}

}  // namespace

Status check_may_open() {
    if (!is_spoilt.load()) return {};
    return Error{
        Code::conflict,
        "this process was forked while its parent had an engine or vectors open, and locks do not survive that: fork "
        "before anything is opened, or start the child with exec"};
}

OpenMark::OpenMark() {
    static const int registered = ::pthread_atfork(nullptr, nullptr, &note_fork);
    static_cast<void>(registered);
    open_count.fetch_add(1);
}

// What the parent had open is never closed here (see take in handle.hpp).
OpenMark::~OpenMark() {
    if (is_counted_) open_count.fetch_sub(1);
}

}  // namespace archaeologist::capi
