#include "embed/http/pace.hpp"

#include <algorithm>
#include <random>
#include <string>

namespace archaeologist::embed {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds pause_base{1'000};
constexpr milliseconds pause_max{30'000};
constexpr milliseconds attempt_time{10'000};  // of the one who tries; then another may

Rng& thread_rng() {
    thread_local Rng rng{std::random_device{}()};
    return rng;
}

milliseconds until(steady_clock::time_point end) {
    return std::max(std::chrono::ceil<milliseconds>(end - steady_clock::now()), milliseconds{0});
}

}  // namespace

milliseconds pause_after(int failures, Rng& rng) {
    const int doublings = std::clamp(failures - 1, 0, 10);
    const std::int64_t whole = std::min(pause_max.count(), pause_base.count() << doublings);
    return milliseconds{std::uniform_int_distribution<std::int64_t>(whole / 2, whole)(rng)};
}

Status Pace::enter(milliseconds patience) {
    const MutexLock lock(mutex_);
    const auto end = steady_clock::now() + patience;
    for (;;) {
        if (is_stopped_) return Error{Code::cancelled, "embedder: stopped"};
        const auto now = steady_clock::now();
        if (outage_ && now < try_again_) return *outage_;
        if (now >= busy_until_) break;
        if (busy_until_ > end) {
            return Error{Code::rate_limited, "embedder: the server asks for a pause of another " +
                                                 std::to_string(until(busy_until_).count()) + " ms"};
        }
        changed_.wait_for(mutex_, until(busy_until_));
    }
    if (outage_) {
        is_trying_ = true;
        try_again_ = steady_clock::now() + attempt_time;
    }
    return {};
}

void Pace::note_success() {
    const MutexLock lock(mutex_);
    outage_.reset();
    is_trying_ = false;
    failures_ = 0;
    refusals_ = 0;
}

void Pace::note_busy(std::optional<milliseconds> wanted) {
    const MutexLock lock(mutex_);
    outage_.reset();
    // Those that were under way together are refused together: one of them counts.
    if (steady_clock::now() >= busy_until_) ++refusals_;
    const milliseconds pause = wanted ? *wanted : pause_after(refusals_, thread_rng());
    busy_until_ = std::max(busy_until_, steady_clock::now() + pause);
}

void Pace::note_outage(const Error& error) {
    const MutexLock lock(mutex_);
    // Calls that were under way together fail together: one of them counts.
    const bool counts = !outage_ || is_trying_;
    outage_ = error;
    is_trying_ = false;
    if (!counts) return;
    try_again_ = steady_clock::now() + pause_after(++failures_, thread_rng());
}

void Pace::stop() {
    const MutexLock lock(mutex_);
    is_stopped_ = true;
    changed_.notify_all();
}

std::optional<Error> Pace::outage() const {
    const MutexLock lock(mutex_);
    return outage_;
}

}  // namespace archaeologist::embed
