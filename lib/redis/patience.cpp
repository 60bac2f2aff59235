#include "redis/patience.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace archaeologist::redis {
namespace {

// Milliseconds for poll, rounded up so that it never turns in circles.
int left_ms(Instant until) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1'000'000'000));
}

}  // namespace

Ready wait_for(int fd, short events, const Patience& patience) {
    std::array<pollfd, 2> polled{{{fd, events, 0}, {patience.wake_fd, POLLIN, 0}}};  // poll ignores negative ones
    while (true) {
        const int ready = ::poll(polled.data(), polled.size(), left_ms(patience.until));
        if (ready < 0 && errno != EINTR) return Ready::too_late;
        if (ready > 0) return polled[1].revents != 0 ? Ready::woken : Ready::yes;
        if (ready == 0 && left_ms(patience.until) == 0) return Ready::too_late;
    }
}

Error interrupted() { return {Code::cancelled, "redis: the call was interrupted"}; }

Status pause_until(const Patience& patience) {
    if (wait_for(-1, 0, patience) == Ready::woken) return interrupted();
    return {};
}

}  // namespace archaeologist::redis
