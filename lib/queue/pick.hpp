// Which of the waiting jobs a claim takes: limits and suspects. Pure; every queue walks its candidates in their order
// through one Picker.
//
// A suspect is a job whose workers died twice while it ran. It is claimed alone: by a worker that holds nothing else, and
// that gets nothing else until it ends, so that a third death can be nobody else's fault. A busy worker that meets one
// reserves it and claims no more until it is idle; other workers pass over it while the reservation lasts.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "archaeologist/queue.hpp"

namespace archaeologist {

enum class Verdict : std::uint8_t { take, skip, reserve, stop };

enum class Reservation : std::uint8_t { none, mine, others };

class Picker {
public:
    // What the claiming worker holds already.
    struct Held {
        std::int64_t leases = 0;
        std::int64_t suspects = 0;
    };
    Picker(std::int64_t limit, Held held) : limit_(held.suspects > 0 ? 0 : limit), held_(held) {}

    // How many more jobs may start; without a call there is no limit.
    void set_room(ProjectId project, std::int64_t jobs) { by_project_[project] = jobs; }
    void set_room(std::string_view job_type, std::int64_t jobs) { by_type_[std::string(job_type)] = jobs; }

    [[nodiscard]] bool is_full() const { return picked_ >= limit_; }
    // Of the next candidate. After `reserve` and `stop` the walk ends.
    [[nodiscard]] Verdict judge(ProjectId project, std::string_view job_type);
    // The same for a suspect.
    [[nodiscard]] Verdict judge_suspect(ProjectId project, std::string_view job_type, Reservation reservation);

private:
    [[nodiscard]] bool has_room(ProjectId project, std::string_view job_type) const;
    Verdict take(ProjectId project, std::string_view job_type);

    std::int64_t limit_;
    const Held held_;
    std::int64_t picked_ = 0;
    std::map<ProjectId, std::int64_t> by_project_;
    std::map<std::string, std::int64_t, std::less<>> by_type_;
};

}  // namespace archaeologist
