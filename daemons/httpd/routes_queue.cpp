#include "httpd/api.hpp"
#include "httpd/shapes.hpp"

namespace archaeologist::httpd {
namespace {

using host::Call;
using host::HttpReply;
using host::Route;
using host::Schema;

Result<HttpReply> stats(Api& api) {
    ARCHAEO_ASSIGN(const auto stats, api.engine.queue().stats());
    return json_reply(200, to_json(stats));
}

Result<HttpReply> history(Api& api, const Call& call) {
    const auto window = call.integer("window");
    ARCHAEO_ASSIGN(const auto minutes, api.engine.queue_history(std::chrono::minutes(window)));
    JsonWriter json;
    json.begin_object().field("window", window).key("minutes").begin_array();
    for (const auto& minute : minutes) json.raw(to_json(minute));
    json.end_array().end_object();
    return json_reply(200, std::move(json).text());
}

Result<HttpReply> workers(Api& api) {
    ARCHAEO_ASSIGN(const auto workers, api.engine.workers());
    JsonWriter json;
    json.begin_object().key("workers").begin_array();
    for (const auto& worker : workers) json.raw(to_json(worker));
    json.end_array().end_object();
    return json_reply(200, std::move(json).text());
}

}  // namespace

std::vector<Route> queue_routes(Api& api) {
    return {
        Route("GET", "/api/v1/jobs/queue/stats", "getQueueStats", "queue", "How much waits and runs")
            .replies(200, "The counts", "QueueStats")
            .by([&api](Call&) { return stats(api); }),
        Route("GET", "/api/v1/jobs/queue/history", "getQueueHistory", "queue", "What the queue did, by the minute")
            .query({{"window", Schema::integer(1, std::int64_t{7} * 24 * 60, "The last so many minutes"), "60"}})
            .replies(200, "The minutes in which something happened, oldest first", "QueueHistory")
            .by([&api](Call& call) { return history(api, call); }),
        Route("POST", "/api/v1/jobs/queue/pause", "pauseQueue", "queue", "No process starts a job until it is resumed")
            .replies(200, "The counts", "QueueStats")
            .by([&api](Call&) -> Result<HttpReply> {
                ARCHAEO_TRY(api.engine.queue().pause());
                return stats(api);
            }),
        Route("POST", "/api/v1/jobs/queue/resume", "resumeQueue", "queue", "Jobs are started again")
            .replies(200, "The counts", "QueueStats")
            .by([&api](Call&) -> Result<HttpReply> {
                ARCHAEO_TRY(api.engine.queue().resume());
                return stats(api);
            }),
        Route("GET", "/api/v1/workers", "listWorkers", "queue", "The workers that live")
            .replies(200, "The workers", "Workers")
            .by([&api](Call&) { return workers(api); }),
    };
}

}  // namespace archaeologist::httpd
