#include <doctest/doctest.h>

#include "contract/queue_contract.hpp"
#include "queue/memory.hpp"

using namespace archaeologist;

namespace {

class MemoryFixture final : public QueueFixture {
public:
    [[nodiscard]] Queue& queue() override { return queue_; }
    [[nodiscard]] ManualClock& clock() override { return clock_; }

private:
    ManualClock clock_;
    MemoryQueue queue_{QueueOptions{}, clock_, 7};
};

}  // namespace

TEST_CASE("queue contract: memory") {
    queue_contract([] { return std::make_unique<MemoryFixture>(); });
}
