#include <doctest/doctest.h>

#include "catalog/catalog.hpp"
#include "contract/queue_contract.hpp"
#include "queue/memory.hpp"
#include "queue/sqlite.hpp"
#include "support/temporary_folder.hpp"

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

class SqliteFixture final : public QueueFixture {
public:
    [[nodiscard]] Queue& queue() override { return queue_; }
    [[nodiscard]] ManualClock& clock() override { return clock_; }

private:
    TemporaryFolder folder_;
    ManualClock clock_;
    std::unique_ptr<sqlite::Database> catalog_ = catalog::open(folder_.path()).value();
    SqliteQueue queue_{*catalog_, QueueOptions{}, clock_, 7};
};

}  // namespace

TEST_CASE("queue contract: memory") {
    queue_contract([] { return std::make_unique<MemoryFixture>(); });
}

TEST_CASE("queue contract: sqlite") {
    queue_contract([] { return std::make_unique<SqliteFixture>(); });
}
