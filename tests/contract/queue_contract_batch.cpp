#include <doctest/doctest.h>

#include "contract/queue_desk.hpp"

namespace archaeologist {

void batch_promises(Desk& desk) {
    const JobId parent = desk.accept();
    const Lease lease = desk.claim_one();
    SUBCASE("a batch shows running without a lease, and completes with its last child") {
        REQUIRE(desk.settle(lease, Expanded{{desk.job(), desk.job(), desk.job()}}).has_value());
        CHECK(desk.status(parent) == JobStatus::running);
        desk.clock().advance(lease_time);
        const auto children = desk.claim(10);
        REQUIRE(children.size() == 3);
        CHECK(desk.get(children[0].id).parent_id == parent);
        REQUIRE(desk.queue().complete(children[0]).has_value());
        REQUIRE(desk.settle(children[1], Failed{.message = "bad", .permanent = true}).has_value());
        CHECK(desk.status(parent) == JobStatus::running);
        REQUIRE(desk.queue().cancel(children[2].id).has_value());
        const Job done = desk.get(parent);
        CHECK(done.status == JobStatus::completed);
        CHECK(done.result_data == R"({"children":3,"completed":1,"failed":1,"cancelled":1})");
        CHECK(done.completed_at == desk.clock().now());
        CHECK(done.attempts.back().outcome == "expanded");
    }
    SUBCASE("a batch without children completes at once") {
        REQUIRE(desk.settle(lease, Expanded{}).has_value());
        CHECK(desk.status(parent) == JobStatus::completed);
        CHECK(desk.get(parent).result_data == R"({"children":0,"completed":0,"failed":0,"cancelled":0})");
    }
    SUBCASE("children inherit the project when they name none") {
        NewJob child = desk.job();
        child.project_id = {};
        REQUIRE(desk.settle(lease, Expanded{{child}}).has_value());
        CHECK(desk.claim_one().project_id == desk.job().project_id);
    }
    SUBCASE("a bad child refuses the expansion whole, and the batch stays the worker's") {
        NewJob bad = desk.job();
        bad.job_type = "";
        CHECK(code_of(desk.settle(lease, Expanded{{desk.job(), bad}})) == Code::invalid_argument);
        CHECK(desk.claim(10).empty());
        CHECK(desk.queue().complete(lease).has_value());
    }
    SUBCASE("cancelling a batch cancels the children that are not finished") {
        REQUIRE(desk.settle(lease, Expanded{{desk.job(), desk.job(), desk.job()}}).has_value());
        const auto running = desk.claim(2);
        REQUIRE(running.size() == 2);
        REQUIRE(desk.queue().complete(running[0]).has_value());
        REQUIRE(desk.queue().cancel(parent).has_value());
        CHECK(desk.status(parent) == JobStatus::cancelled);
        CHECK(desk.status(running[0].id) == JobStatus::completed);
        CHECK(desk.status(running[1].id) == JobStatus::cancelled);
        CHECK(desk.claim(10).empty());
        CHECK(desk.stats().cancelled == 3);
    }
    SUBCASE("a child's retries do not end the batch") {
        REQUIRE(desk.settle(lease, Expanded{{desk.job()}}).has_value());
        REQUIRE(desk.settle(desk.claim_one(), failure()).has_value());
        CHECK(desk.status(parent) == JobStatus::running);
        REQUIRE(desk.queue().complete(desk.claim_later()).has_value());
        CHECK(desk.status(parent) == JobStatus::completed);
    }
    SUBCASE("a batch in a batch ends both") {
        REQUIRE(desk.settle(lease, Expanded{{desk.job()}}).has_value());
        const Lease inner = desk.claim_one();
        REQUIRE(desk.settle(inner, Expanded{{desk.job()}}).has_value());
        REQUIRE(desk.queue().complete(desk.claim_one()).has_value());
        CHECK(desk.status(inner.id) == JobStatus::completed);
        CHECK(desk.status(parent) == JobStatus::completed);
    }
}

}  // namespace archaeologist
