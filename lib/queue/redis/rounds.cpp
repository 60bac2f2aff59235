#include "queue/redis/rounds.hpp"

namespace archaeologist::redis_queue {

using std::chrono::steady_clock;

Rounds::Rounds(std::function<Status(Cause)> round, std::chrono::milliseconds every)
    : round_(std::move(round)), every_(every), thread_([this] { run(); }) {}

Rounds::~Rounds() {
    {
        const MutexLock lock(mutex_);
        stopping_ = true;
        asked_.notify_all();
    }
    thread_.join();
}

void Rounds::ask() {
    const MutexLock lock(mutex_);
    is_asked_ = true;
    asked_.notify_one();
}

Status Rounds::wait(std::chrono::milliseconds wait_max) {
    const auto give_up_at = steady_clock::now() + wait_max;
    const MutexLock lock(mutex_);
    const std::uint64_t wanted = begun_count_ + 1;
    is_asked_ = true;
    asked_.notify_one();
    while (done_count_ < wanted) {
        const auto left = give_up_at - steady_clock::now();
        if (left <= left.zero() || stopping_) return Error{Code::timed_out, "queue: the catalog lags behind Redis"};
        done_.wait_for(mutex_, left);
    }
    return last_;
}

void Rounds::run() {
    for (;;) {
        Cause cause = Cause::asked;
        {
            const MutexLock lock(mutex_);
            const auto due_at = steady_clock::now() + every_;
            while (!is_asked_ && !stopping_ && steady_clock::now() < due_at) {
                asked_.wait_for(mutex_, due_at - steady_clock::now());
            }
            if (stopping_) return;
            if (!is_asked_) cause = Cause::time;
            is_asked_ = false;
            ++begun_count_;
        }
        Status done = round_(cause);
        const MutexLock lock(mutex_);
        last_ = std::move(done);
        done_count_ = begun_count_;
        done_.notify_all();
    }
}

}  // namespace archaeologist::redis_queue
