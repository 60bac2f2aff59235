// The promises of Queue, as tests. A queue is right when it passes, and only then may it differ in speed.
#pragma once

#include <functional>
#include <memory>

#include "archaeologist/queue.hpp"
#include "support/manual_clock.hpp"

namespace archaeologist {

// A fresh, empty queue with default QueueOptions, and the clock it runs by.
class QueueFixture {
public:
    virtual ~QueueFixture() = default;
    [[nodiscard]] virtual Queue& queue() = 0;
    [[nodiscard]] virtual ManualClock& clock() = 0;
    // Two projects that exist.
    [[nodiscard]] virtual ProjectId project() const { return ProjectId{1}; }
    [[nodiscard]] virtual ProjectId other_project() const { return ProjectId{2}; }
};

using QueueFactory = std::function<std::unique_ptr<QueueFixture>()>;

// Call from within a TEST_CASE.
void queue_contract(const QueueFactory& make);

}  // namespace archaeologist
