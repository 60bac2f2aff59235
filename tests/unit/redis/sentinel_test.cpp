#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "support/redis_calls.hpp"
#include "support/redis_groups.hpp"

using namespace archaeologist;
using namespace archaeologist::redis;
using namespace std::chrono_literals;

namespace {

// Sentinel closes all connections of a server it promotes, so the question itself may fail.
bool is_primary(const RedisServer& server) {
    const Reply role = server.run({"ROLE"});
    return !role.list().empty() && role.list()[0].text() == "master";
}

// Four threads that call all the time, until they are told to end.
class Callers {
public:
    explicit Callers(Client& client) {
        for (int i = 0; i < 4; ++i) {
            threads_.emplace_back([this, &client, key = "n" + std::to_string(i)] {
                while (!stops_) {
                    ++(add_one(client, key) ? done_ : failed_);
                }
            });
        }
    }
    ~Callers() {
        stops_ = true;
        for (std::thread& thread : threads_) thread.join();
    }

    [[nodiscard]] bool go_on() {
        const int before = done_;
        return eventually([&] { return done_ > before + 100; });
    }
    [[nodiscard]] int failed() const { return failed_; }

private:
    std::atomic<int> done_ = 0;
    std::atomic<int> failed_ = 0;
    std::atomic<bool> stops_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace

TEST_CASE("calls follow the primary when sentinels make the replica the primary, and when the primary is killed") {
    RedisSentinels servers;
    const auto client = open(servers.url(), {.retry_max = 30s});
    REQUIRE(add_one(*client, "n").value().number() == 1);
    Callers callers(*client);
    CHECK(callers.go_on());

    CHECK(eventually([&] { return servers.sentinels()[0].run({"SENTINEL", "FAILOVER", "main"}).text() == "OK"; }));
    CHECK(eventually([&] { return is_primary(servers.replica()); }));
    CHECK(callers.go_on());
    CHECK(eventually([&] {
        return servers.primary().run({"INFO", "replication"}).text().find("link_status:up") != std::string::npos;
    }));

    servers.replica().kill();  // the primary by now
    CHECK(eventually([&] { return is_primary(servers.primary()); }));
    CHECK(callers.go_on());
    CHECK(callers.failed() == 0);
    CHECK(client->command_all(std::vector<std::string>{"PING"}).value().size() == 1);
}

TEST_CASE("one sentinel of several is enough, and an unknown name is not_found") {
    RedisSentinels servers;
    servers.sentinels()[0].kill();
    servers.sentinels()[1].stop();
    CHECK(add_one(*open(servers.url(), {.command_max = 1s}), "n").value().number() == 1);
    servers.sentinels()[1].resume();

    const std::string other = "redis+sentinel://127.0.0.1:" + std::to_string(servers.sentinels()[2].port()) + "/other";
    const auto unknown = add_one(*open(other), "n");
    REQUIRE_FALSE(unknown.has_value());
    CHECK(unknown.error().code == Code::not_found);
    CHECK(unknown.error().message.find("\"other\"") != std::string::npos);
}

TEST_CASE("without any sentinel a call ends in time and names one") {
    const auto lost = add_one(*open("redis+sentinel://127.0.0.1:1,127.0.0.1:2/main", {.retry_max = 100ms}), "n");
    REQUIRE_FALSE(lost.has_value());
    CHECK(lost.error().code == Code::unavailable);
    CHECK(lost.error().message.find("sentinel redis 127.0.0.1:2") != std::string::npos);
}
