// Follows the catalog's events for everybody who follows them over HTTP: one reader, many listeners.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "archaeologist/engine.hpp"

namespace archaeologist::httpd {

// Thread-safe.
class EventHub {
public:
    // The engine must outlive it.
    explicit EventHub(Engine& engine);
    ~EventHub() { stop(); }
    EventHub(const EventHub&) = delete;
    EventHub& operator=(const EventHub&) = delete;

    // Whoever asks again and again holds one of these meanwhile.
    class Listening {
    public:
        explicit Listening(EventHub& hub) : hub_(hub) { hub_.add_listener(1); }
        ~Listening() { hub_.add_listener(-1); }
        Listening(const Listening&) = delete;
        Listening& operator=(const Listening&) = delete;

    private:
        EventHub& hub_;
    };

    // Events after a cursor that fit, oldest first, at most 1,000. Waits up to `wait` for the first. `cursor` of the reply
    // is where to go on, also past events that do not fit.
    struct Filter {
        std::optional<JobId> job_id;
        std::optional<ProjectId> project_id;
    };
    struct Batch {
        std::vector<Event> events;
        std::int64_t cursor = 0;
        std::int64_t missed_to = 0;  // not 0: events up to this one are no longer kept
    };
    [[nodiscard]] Result<Batch> after(std::int64_t cursor, const Filter& filter, std::chrono::milliseconds wait);

    // The newest event's id. Errors: those of Engine::events.
    [[nodiscard]] Result<std::int64_t> newest();

    // Lets everybody who waits go. Idempotent.
    void stop();

private:
    void follow();
    void add_listener(int change);
    [[nodiscard]] bool holds(std::int64_t cursor) const;
    [[nodiscard]] Batch take_recent(std::int64_t cursor, const Filter& filter) const;

    Engine& engine_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Event> recent_;  // the newest ones, without a gap
    std::int64_t newest_ = 0;   // of what was followed
    bool is_current_ = false;   // everything from newest_ on is being followed
    int listeners_ = 0;
    bool stopping_ = false;
    std::thread follower_;
};

}  // namespace archaeologist::httpd
