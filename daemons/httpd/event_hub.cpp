#include "httpd/event_hub.hpp"

#include <algorithm>
#include <limits>

namespace archaeologist::httpd {
namespace {

constexpr std::size_t recent_max = 8'192;
constexpr std::size_t batch_max = 1'000;
constexpr std::chrono::milliseconds look_every{15};

bool fits(const Event& event, const EventHub::Filter& filter) {
    if (filter.job_id && event.job_id != filter.job_id) return false;
    return !filter.project_id || event.project_id == filter.project_id;
}

}  // namespace

EventHub::EventHub(Engine& engine) : engine_(engine), follower_([this] { follow(); }) {}

// Looks only while somebody listens. What came before is read from the catalog by who asks for it.
void EventHub::follow() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        if (listeners_ == 0) {
            is_current_ = false;
            changed_.wait(lock, [this] { return stopping_ || listeners_ > 0; });
            continue;
        }
        const std::int64_t cursor = newest_;
        lock.unlock();
        auto page = is_current_ ? engine_.events({.after = cursor, .job_id = {}, .project_id = {}, .limit = batch_max})
                                : engine_.events({.after = std::numeric_limits<std::int64_t>::max() - 1,
                                                  .job_id = {},
                                                  .project_id = {},
                                                  .limit = 1});
        lock.lock();
        if (page && !is_current_) {
            recent_.clear();
            newest_ = page->newest_id;
            is_current_ = true;
            changed_.notify_all();
        } else if (page && !page->events.empty()) {
            for (auto& event : page->events) recent_.push_back(std::move(event));
            newest_ = recent_.back().id;
            while (recent_.size() > recent_max) recent_.pop_front();
            changed_.notify_all();
            if (page->events.size() == batch_max) continue;
        }
        changed_.wait_for(lock, look_every, [this] { return stopping_; });
    }
}

EventHub::Batch EventHub::take_recent(std::int64_t cursor, const Filter& filter) const {
    Batch batch;
    batch.cursor = cursor;
    const auto begin =
        std::partition_point(recent_.begin(), recent_.end(), [&](const Event& event) { return event.id <= cursor; });
    for (auto at = begin; at != recent_.end() && batch.events.size() < batch_max; ++at) {
        batch.cursor = at->id;
        if (fits(*at, filter)) batch.events.push_back(*at);
    }
    return batch;
}

void EventHub::add_listener(int change) {
    const std::lock_guard lock(mutex_);
    listeners_ += change;
    changed_.notify_all();
}

bool EventHub::holds(std::int64_t cursor) const {
    return is_current_ && cursor >= (recent_.empty() ? newest_ : recent_.front().id - 1);
}

Result<EventHub::Batch> EventHub::after(std::int64_t cursor, const Filter& filter, std::chrono::milliseconds wait) {
    {
        std::unique_lock lock(mutex_);
        const auto give_up_at = std::chrono::steady_clock::now() + wait;
        changed_.wait_until(lock, give_up_at, [this] { return is_current_ || stopping_; });
        Batch batch;
        batch.cursor = cursor;
        while (holds(batch.cursor) && !stopping_) {
            batch = take_recent(batch.cursor, filter);
            if (!batch.events.empty()) return batch;
            if (changed_.wait_until(lock, give_up_at) == std::cv_status::timeout) return batch;
        }
        if (stopping_) return batch;
        cursor = batch.cursor;
    }
    // Behind what is held here: the catalog knows.
    ARCHAEO_ASSIGN(
        auto page,
        engine_.events(
            {.after = cursor, .job_id = filter.job_id, .project_id = filter.project_id, .limit = batch_max}));
    Batch batch;
    if (cursor < page.oldest_id - 1) batch.missed_to = page.oldest_id - 1;
    batch.cursor = page.events.size() == batch_max ? page.events.back().id : std::max(page.newest_id, cursor);
    batch.events = std::move(page.events);
    return batch;
}

Result<std::int64_t> EventHub::newest() {
    ARCHAEO_ASSIGN(
        const auto page,
        engine_.events(
            {.after = std::numeric_limits<std::int64_t>::max() - 1, .job_id = {}, .project_id = {}, .limit = 1}));
    return page.newest_id;
}

void EventHub::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (follower_.joinable()) follower_.join();
}

}  // namespace archaeologist::httpd
