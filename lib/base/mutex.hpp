// A mutex that clang's thread-safety analysis sees (std::mutex is invisible to it). Guarded members say
// ARCHAEO_GUARDED_BY(mutex_), private helpers ARCHAEO_REQUIRES(mutex_).
#pragma once

#include <condition_variable>
#include <mutex>
#include <shared_mutex>

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
#define ARCHAEO_ACQUIRE_SHARED(...) ARCHAEO_THREAD_ANNOTATION(acquire_shared_capability(__VA_ARGS__))
#define ARCHAEO_RELEASE_SHARED(...) ARCHAEO_THREAD_ANNOTATION(release_shared_capability(__VA_ARGS__))
#define ARCHAEO_RELEASE_ANY(...) ARCHAEO_THREAD_ANNOTATION(release_generic_capability(__VA_ARGS__))
#define ARCHAEO_REQUIRES_SHARED(...) ARCHAEO_THREAD_ANNOTATION(requires_shared_capability(__VA_ARGS__))
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

// Many readers or one writer.
class ARCHAEO_CAPABILITY("mutex") SharedMutex {
public:
    void lock() ARCHAEO_ACQUIRE() { mutex_.lock(); }
    void unlock() ARCHAEO_RELEASE() { mutex_.unlock(); }
    void lock_shared() ARCHAEO_ACQUIRE_SHARED() { mutex_.lock_shared(); }
    void unlock_shared() ARCHAEO_RELEASE_SHARED() { mutex_.unlock_shared(); }

private:
    std::shared_mutex mutex_;
};

class ARCHAEO_SCOPED_CAPABILITY WriterLock {
public:
    explicit WriterLock(SharedMutex& mutex) ARCHAEO_ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
    ~WriterLock() ARCHAEO_RELEASE() { mutex_.unlock(); }
    WriterLock(const WriterLock&) = delete;
    WriterLock& operator=(const WriterLock&) = delete;

private:
    SharedMutex& mutex_;
};

class ARCHAEO_SCOPED_CAPABILITY ReaderLock {
public:
    explicit ReaderLock(SharedMutex& mutex) ARCHAEO_ACQUIRE_SHARED(mutex) : mutex_(mutex) { mutex_.lock_shared(); }
    ~ReaderLock() ARCHAEO_RELEASE_ANY() { mutex_.unlock_shared(); }
    ReaderLock(const ReaderLock&) = delete;
    ReaderLock& operator=(const ReaderLock&) = delete;

private:
    SharedMutex& mutex_;
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
