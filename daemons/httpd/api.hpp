// What the HTTP front-end answers: the route table, in one file a noun.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "archaeologist/engine.hpp"
#include "host/http/router.hpp"
#include "httpd/event_hub.hpp"

namespace archaeologist::httpd {

struct ApiLimits {
    std::uint64_t body_bytes_max = std::uint64_t{16} << 30;  // of an upload
    std::size_t json_bytes_max = 4 << 20;
    std::size_t files_max = 1'000;  // of one upload
};

struct JobDefaults {
    std::chrono::seconds timeout{3'600};
    int max_retries = 3;
};

// Keys of requests that are being answered: the same key again must wait (409).
class KeysInUse {
public:
    class Use {
    public:
        Use(KeysInUse& keys, std::string key) : keys_(&keys), key_(std::move(key)) {}
        Use(Use&& other) noexcept : keys_(std::exchange(other.keys_, nullptr)), key_(std::move(other.key_)) {}
        Use& operator=(Use&&) = delete;
        ~Use() {
            if (keys_ != nullptr) keys_->end(key_);
        }

    private:
        KeysInUse* keys_;
        std::string key_;
    };
    // Nothing: it is in use.
    [[nodiscard]] std::optional<Use> begin(const std::string& key);

private:
    void end(const std::string& key);
    std::mutex mutex_;
    std::set<std::string> keys_;
};

// What the routes work on. Outlives the server.
struct Api {
    Engine& engine;
    EventHub& hub;
    ApiLimits limits;
    JobDefaults defaults;
    std::function<std::string()> metrics;  // the text of /metrics
    std::function<bool()> is_draining;     // the program stops
    KeysInUse keys{};
};

[[nodiscard]] std::vector<host::Route> project_routes(Api& api);
[[nodiscard]] std::vector<host::Route> upload_routes(Api& api);
[[nodiscard]] std::vector<host::Route> source_routes(Api& api);
[[nodiscard]] std::vector<host::Route> search_routes(Api& api);
[[nodiscard]] std::vector<host::Route> job_routes(Api& api);
[[nodiscard]] std::vector<host::Route> queue_routes(Api& api);
[[nodiscard]] std::vector<host::Route> event_routes(Api& api);
[[nodiscard]] std::vector<host::Route> system_routes(Api& api);

// All of them, with /openapi.json on itself.
[[nodiscard]] std::vector<host::Route> all_routes(Api& api);

}  // namespace archaeologist::httpd
