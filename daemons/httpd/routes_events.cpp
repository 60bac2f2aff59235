// Server-Sent Events (HTML standard, 9.2): what happens, as it happens, resumable by Last-Event-ID.
#include <charconv>

#include "httpd/api.hpp"
#include "httpd/shapes.hpp"

namespace archaeologist::httpd {
namespace {

using host::Call;
using host::HttpReply;
using host::HttpSink;
using host::Route;
using host::Schema;

constexpr std::chrono::milliseconds look_every{250};  // whether the client is still there
constexpr std::chrono::seconds keep_alive{15};        // proxies close what is silent for longer

bool ends_job(const Event& event) {
    return event.kind == "job.completed" || event.kind == "job.failed" || event.kind == "job.cancelled";
}

std::string as_text(const Event& event, std::string_view data) {
    return "id: " + std::to_string(event.id) + "\nevent: " + event.kind + "\ndata: " + std::string(data) + "\n\n";
}

// One client's stream.
class Follower {
public:
    Follower(Api& api, std::int64_t cursor, EventHub::Filter filter) : api_(api), cursor_(cursor), filter_(filter) {}

    void run(HttpSink& sink) {
        const EventHub::Listening listening(api_.hub);
        // An id without data tells a client where it stands before anything happens.
        if (!sink.write("retry: 1000\nid: " + std::to_string(cursor_) + "\n\n")) return;
        auto written_at = std::chrono::steady_clock::now();
        while (sink.is_open()) {
            const auto batch = api_.hub.after(cursor_, filter_, look_every);
            if (!batch) return;
            const std::string text = text_of(*batch);
            cursor_ = batch->cursor;
            const auto now = std::chrono::steady_clock::now();
            if (text.empty() && now - written_at < keep_alive) continue;
            if (!sink.write(text.empty() ? ": still here\n\n" : text)) return;
            written_at = now;
            if (has_ended_) return;
        }
    }

private:
    std::string text_of(const EventHub::Batch& batch) {
        std::string text;
        if (batch.missed_to > 0) {
            text = "event: gap\ndata: {\"missed_to\":" + std::to_string(batch.missed_to) + "}\n\n";
        }
        for (const auto& event : batch.events) {
            text += as_text(event, filter_.job_id ? with_job(event) : to_json(event));
            has_ended_ = has_ended_ || (filter_.job_id && ends_job(event));
        }
        return text;
    }

    // Who follows one job wants to know how far it is.
    std::string with_job(const Event& event) {
        std::string data = to_json(event);
        const auto job = api_.engine.job(*filter_.job_id);
        if (!job) return data;
        data.pop_back();
        return data + ",\"job\":" + to_json(*job, api_.engine.clock().now()) + '}';
    }

    Api& api_;
    std::int64_t cursor_;
    EventHub::Filter filter_;
    bool has_ended_ = false;
};

HttpReply stream_of(Api& api, std::int64_t cursor, EventHub::Filter filter) {
    HttpReply reply;
    reply.content_type = "text/event-stream";
    reply.headers.emplace_back("Cache-Control", "no-store");
    reply.stream = [&api, cursor, filter](HttpSink& sink) { Follower(api, cursor, filter).run(sink); };
    return reply;
}

// Nothing when the client has none. The query is for clients that cannot set a header.
Result<std::optional<std::int64_t>> last_event_id(const Call& call) {
    std::string text = call.request().header("last-event-id");
    if (text.empty()) text = call.text("last_event_id");
    if (text.empty()) return std::optional<std::int64_t>();
    ARCHAEO_TRY(host::check_text("Last-Event-ID", text, Schema::integer(0, id_max)));
    std::int64_t id = 0;
    (void)std::from_chars(text.data(), text.data() + text.size(), id);
    return std::optional(id);
}

Result<HttpReply> follow_all(Api& api, const Call& call) {
    ARCHAEO_ASSIGN(auto cursor, last_event_id(call));
    EventHub::Filter filter;
    if (call.has("project_id")) {
        filter.project_id = project_of(call);
        ARCHAEO_TRY(api.engine.project(*filter.project_id));
    }
    if (!cursor) {
        ARCHAEO_ASSIGN(cursor, api.hub.newest());
    }
    return stream_of(api, *cursor, filter);
}

Result<HttpReply> follow_job(Api& api, const Call& call) {
    ARCHAEO_ASSIGN(const auto cursor, last_event_id(call));
    const JobId id = job_of(call);
    ARCHAEO_ASSIGN(const auto job, api.engine.job(id));
    if (cursor && job.is_finished()) {
        ARCHAEO_ASSIGN(const auto page,
                       api.engine.events({.after = *cursor, .job_id = id, .project_id = {}, .limit = 1}));
        if (page.events.empty()) return no_content();  // which tells a browser not to come again
    }
    return stream_of(api, cursor.value_or(0), {.job_id = id, .project_id = {}});
}

}  // namespace

std::vector<Route> event_routes(Api& api) {
    const host::Parameter last_id("last_event_id", Schema::integer(0, id_max, "As the header Last-Event-ID"));
    const host::Parameter header(
        "Last-Event-ID", Schema::integer(0, id_max,
                                         "Go on after this event. The newest 200,000 are kept; what is missed beyond "
                                         "them is told by an event \"gap\""));
    return {
        Route("GET", "/api/v1/events", "followEvents", "events", "What happens, from now on or after Last-Event-ID")
            .query({{"project_id", Schema::integer(1, id_max, "Only of this project")}, last_id})
            .header(header)
            .replies(200, "Server-Sent Events; the data of each is an Event", {}, "text/event-stream")
            .replies(404, "No such project")
            .by([&api](Call& call) { return follow_all(api, call); }),
        Route("GET", "/api/v1/jobs/{job_id}/events", "followJob", "events",
              "One job's events from its beginning, each with the job as it is; ends with the job")
            .part(job_id())
            .query({last_id})
            .header(header)
            .replies(200, "Server-Sent Events; the data of each is an Event with a Job", {}, "text/event-stream")
            .replies(204, "The job is finished and all its events were seen")
            .by([&api](Call& call) { return follow_job(api, call); }),
    };
}

}  // namespace archaeologist::httpd
