// A mutex that clang's thread-safety analysis sees (std::mutex is invisible to it). Guarded members say
// ARCHAEO_GUARDED_BY(mutex_), private helpers ARCHAEO_REQUIRES(mutex_).
#pragma once

#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define ARCHAEO_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define ARCHAEO_THREAD_ANNOTATION(x)
#endif
#define ARCHAEO_CAPABILITY(x) ARCHAEO_THREAD_ANNOTATION(capability(x))
#define ARCHAEO_SCOPED_CAPABILITY ARCHAEO_THREAD_ANNOTATION(scoped_lockable)
#define ARCHAEO_GUARDED_BY(x) ARCHAEO_THREAD_ANNOTATION(guarded_by(x))
#define ARCHAEO_REQUIRES(...) ARCHAEO_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define ARCHAEO_EXCLUDES(...) ARCHAEO_THREAD_ANNOTATION(locks_excluded(__VA_ARGS__))
#define ARCHAEO_ACQUIRE(...) ARCHAEO_THREAD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define ARCHAEO_RELEASE(...) ARCHAEO_THREAD_ANNOTATION(release_capability(__VA_ARGS__))
#define ARCHAEO_NO_ANALYSIS ARCHAEO_THREAD_ANNOTATION(no_thread_safety_analysis)

namespace archaeologist {

class ARCHAEO_CAPABILITY("mutex") Mutex {
public:
    void lock() ARCHAEO_ACQUIRE() { mutex_.lock(); }
    void unlock() ARCHAEO_RELEASE() { mutex_.unlock(); }

private:
    std::mutex mutex_;
};

class ARCHAEO_SCOPED_CAPABILITY MutexLock {
public:
    explicit MutexLock(Mutex& mutex) ARCHAEO_ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
    ~MutexLock() ARCHAEO_RELEASE() { mutex_.unlock(); }
    MutexLock(const MutexLock&) = delete;
    MutexLock& operator=(const MutexLock&) = delete;

private:
    Mutex& mutex_;
};

// Waits release the mutex and take it again. Call in a loop that tests the condition.
class Condition {
public:
    void wait(Mutex& mutex) ARCHAEO_REQUIRES(mutex) { condition_.wait(mutex); }
    template <class Rep, class Period>
    std::cv_status wait_for(Mutex& mutex, std::chrono::duration<Rep, Period> time) ARCHAEO_REQUIRES(mutex) {
        return condition_.wait_for(mutex, time);
    }
    void notify_one() { condition_.notify_one(); }
    void notify_all() { condition_.notify_all(); }

private:
    std::condition_variable_any condition_;
};

}  // namespace archaeologist
