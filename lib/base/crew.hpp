// Pieces of work that do not depend on each other, done by several threads while the calling one tells how far they are.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>

#include "archaeologist/result.hpp"
#include "base/mutex.hpp"

namespace archaeologist {

struct CrewOptions {
    int threads = 1;
    const std::atomic<bool>* stop = nullptr;  // set from any thread; null = never
    std::function<void()> observe;            // called from the calling thread, at most five times a second
};

class Crew {
public:
    explicit Crew(CrewOptions options) : options_(std::move(options)) {}

    // Errors: cancelled, once `stop` is set.
    [[nodiscard]] Status go_on() const;

    // work(i) for every i below size, each once and in no order. What has begun ends; the first error ends the rest.
    // Errors: cancelled, and that of `work`.
    [[nodiscard]] Status for_each(std::size_t size, const std::function<Status(std::size_t)>& work);

private:
    [[nodiscard]] bool is_stopped() const { return options_.stop != nullptr && options_.stop->load(); }
    void observe_until_idle();

    const CrewOptions options_;
    Mutex mutex_;
    Condition ended_;
    int working_ ARCHAEO_GUARDED_BY(mutex_) = 0;
};

}  // namespace archaeologist
