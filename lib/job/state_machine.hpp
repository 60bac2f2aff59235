// The life of a job: which event may follow in which state. Pure.
//
//   pending ──enqueued──▶ queued ──claimed──▶ running ──▶ completed | failed | cancelled
//   running ──retried, released, delayed, lease_expired──▶ queued
//   running ──expanded──▶ waiting ──last_child_finished──▶ completed     (a batch; no lease while it waits)
//   queued, running ──backend_lost──▶ pending        any unfinished state ──cancelled──▶ cancelled
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "archaeologist/job.hpp"

namespace archaeologist {

enum class State : std::uint8_t { pending, queued, running, waiting, completed, failed, cancelled };

// `failed` is for good; a failure that will be tried again is `retried`.
enum class JobEvent : std::uint8_t {
    enqueued,
    backend_lost,
    claimed,
    completed,
    failed,
    retried,
    released,
    delayed,
    lease_expired,
    expanded,
    last_child_finished,
    cancelled
};

[[nodiscard]] constexpr bool is_finished(State state) { return state >= State::completed; }

namespace transitions {

[[nodiscard]] constexpr std::optional<State> from_running(JobEvent event) {
    switch (event) {
        case JobEvent::backend_lost: return State::pending;
        case JobEvent::completed: return State::completed;
        case JobEvent::failed: return State::failed;
        case JobEvent::retried:
        case JobEvent::released:
        case JobEvent::delayed:
        case JobEvent::lease_expired: return State::queued;
        case JobEvent::expanded: return State::waiting;
        default: return std::nullopt;
    }
}

}  // namespace transitions

// The state after the event; nothing when the event is refused. Finished states refuse every event.
[[nodiscard]] constexpr std::optional<State> next(State state, JobEvent event) {
    if (is_finished(state)) return std::nullopt;
    if (event == JobEvent::cancelled) return State::cancelled;
    switch (state) {
        case State::pending: return event == JobEvent::enqueued ? std::optional(State::queued) : std::nullopt;
        case State::queued:
            if (event == JobEvent::claimed) return State::running;
            return event == JobEvent::backend_lost ? std::optional(State::pending) : std::nullopt;
        case State::running: return transitions::from_running(event);
        case State::waiting:
            return event == JobEvent::last_child_finished ? std::optional(State::completed) : std::nullopt;
        default: return std::nullopt;
    }
}

// As users see it: a waiting batch is running.
[[nodiscard]] JobStatus visible(State state);

// The names stored in SQL: those of JobStatus, and "waiting".
[[nodiscard]] std::string_view to_string(State state);
[[nodiscard]] std::optional<State> parse_state(std::string_view text);

}  // namespace archaeologist
