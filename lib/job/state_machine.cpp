#include "job/state_machine.hpp"

#include <algorithm>
#include <array>

namespace archaeologist {
namespace {

constexpr std::array<std::string_view, 7> names{"pending",   "queued", "running",  "waiting",
                                                "completed", "failed", "cancelled"};

}  // namespace

JobStatus visible(State state) {
    switch (state) {
        case State::pending: return JobStatus::pending;
        case State::queued: return JobStatus::queued;
        case State::running:
        case State::waiting: return JobStatus::running;
        case State::completed: return JobStatus::completed;
        case State::failed: return JobStatus::failed;
        case State::cancelled: return JobStatus::cancelled;
    }
    return JobStatus::failed;
}

std::string_view to_string(State state) { return names[static_cast<std::size_t>(state)]; }

std::optional<State> parse_state(std::string_view text) {
    const auto* const found = std::find(names.begin(), names.end(), text);
    if (found == names.end()) return std::nullopt;
    return static_cast<State>(found - names.begin());
}

}  // namespace archaeologist
