// What a forked child may not do: open anything when its parent had something open. SQLite's locks are the process's and do
// not survive fork, though SQLite in the child believes it holds them; and any lock of memory that a thread of the parent held
// in that moment is held for ever. An error that always comes is better than damage or a hang that comes rarely.
#pragma once

#include <utility>

#include "archaeologist/result.hpp"

namespace archaeologist::capi {

// Errors: conflict (something was open when this process, or an ancestor since the last exec, was forked).
[[nodiscard]] Status check_may_open();

// Says that something is open, for as long as it lives.
class OpenMark {
public:
    OpenMark();
    ~OpenMark();
    OpenMark(OpenMark&& other) noexcept : is_counted_(std::exchange(other.is_counted_, false)) {}
    OpenMark& operator=(OpenMark&&) = delete;

private:
    bool is_counted_ = true;
};

}  // namespace archaeologist::capi
