#include "archaeologist/events.hpp"

#include "arguments.hpp"
#include "engine_state.hpp"
#include "guard.hpp"

using namespace archaeologist;        // NOLINT(google-build-using-namespace)
using namespace archaeologist::capi;  // NOLINT(google-build-using-namespace)

namespace {

// An event and the texts that accessors lend.
struct KnownEvent {
    explicit KnownEvent(Event one)
        : event(std::move(one)), job_id(event.job_id ? event.job_id->text() : ""), json(to_json(event)) {}
    Event event;
    std::string job_id;
    std::string json;
};

}  // namespace

struct archaeo_events final : Handle {
    static constexpr bool is_bound = false;
    archaeo_events(EventPage page, std::int64_t after)
        : cursor(page.events.empty() ? after : page.events.back().id),
          oldest_id(page.oldest_id),
          newest_id(page.newest_id) {
        events.reserve(page.events.size());
        for (Event& event : page.events) events.emplace_back(std::move(event));
    }
    std::int64_t cursor;
    std::int64_t oldest_id;
    std::int64_t newest_id;
    std::vector<KnownEvent> events;
};

namespace {

constexpr std::chrono::milliseconds look_every{100};

Result<EventFilter> event_filter(std::int64_t after, const archaeo_event_filter* given) {
    ARCHAEO_ASSIGN(const auto known, options("filter", given));
    EventFilter filter;
    filter.after = after;
    if (known.job_id != nullptr) {
        ARCHAEO_ASSIGN(filter.job_id, job_id("filter.job_id", known.job_id));
    }
    if (known.project_id != 0) filter.project_id = ProjectId{known.project_id};
    if (known.limit != 0) filter.limit = known.limit;
    return filter;
}

Result<EventPage> poll(const Call& call, const EventFilter& filter, const Deadline& deadline,
                       std::uint64_t interrupts) {
    for (;;) {
        const auto left = deadline.left();
        ARCHAEO_ASSIGN(auto page, call->events(filter));
        if (!page.events.empty() || left.count() == 0) return page;
        ARCHAEO_ASSIGN(const bool interrupted, call.must_return(interrupts));
        if (interrupted) return page;
        call.pause(std::min(left, look_every));
    }
}

template <class Field>
auto event_number(const archaeo_events* events, std::size_t index, Field field) {
    return number_at(
        events, index, [](const archaeo_events& one) -> const std::vector<KnownEvent>& { return one.events; }, field);
}

template <class Field>
archaeo_str event_text(const archaeo_events* events, std::size_t index, Field field) {
    return text_at(
        events, index, [](const archaeo_events& one) -> const std::vector<KnownEvent>& { return one.events; }, field);
}

}  // namespace

extern "C" {

int32_t archaeo_events_poll(archaeo_engine* engine, int64_t after, const archaeo_event_filter* filter,
                            int64_t timeout_ms, archaeo_events** events_out, archaeo_error** error_out) {
    clear(events_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_TRY(require_pointer("events_out", events_out));
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        const std::uint64_t interrupts = call.interrupts();
        ARCHAEO_ASSIGN(const auto known, event_filter(after, filter));
        ARCHAEO_ASSIGN(const auto deadline, Deadline::in(timeout_ms));
        ARCHAEO_ASSIGN(auto page, poll(call, known, deadline, interrupts));
        *events_out = make_handle<archaeo_events>(std::move(page), after);
        return {};
    });
}

size_t archaeo_events_count(const archaeo_events* events) {
    return number_of(events, [](const archaeo_events& one) { return one.events.size(); });
}

int64_t archaeo_events_cursor(const archaeo_events* events) {
    return number_of(events, [](const archaeo_events& one) { return one.cursor; });
}

int64_t archaeo_events_oldest_id(const archaeo_events* events) {
    return number_of(events, [](const archaeo_events& one) { return one.oldest_id; });
}

int64_t archaeo_events_newest_id(const archaeo_events* events) {
    return number_of(events, [](const archaeo_events& one) { return one.newest_id; });
}

int64_t archaeo_events_id(const archaeo_events* events, size_t index) {
    return event_number(events, index, [](const KnownEvent& one) { return one.event.id; });
}

int64_t archaeo_events_at_ms(const archaeo_events* events, size_t index) {
    return event_number(events, index, [](const KnownEvent& one) { return to_ms(one.event.at); });
}

archaeo_str archaeo_events_kind(const archaeo_events* events, size_t index) {
    return event_text(events, index, [](const KnownEvent& one) -> const std::string& { return one.event.kind; });
}

archaeo_str archaeo_events_job_id(const archaeo_events* events, size_t index) {
    return event_text(events, index, [](const KnownEvent& one) -> const std::string& { return one.job_id; });
}

int64_t archaeo_events_project_id(const archaeo_events* events, size_t index) {
    return event_number(events, index,
                        [](const KnownEvent& one) { return to_integer(one.event.project_id.value_or(ProjectId{0})); });
}

int64_t archaeo_events_source_id(const archaeo_events* events, size_t index) {
    return event_number(events, index,
                        [](const KnownEvent& one) { return to_integer(one.event.source_id.value_or(SourceId{0})); });
}

archaeo_str archaeo_events_json(const archaeo_events* events, size_t index) {
    return event_text(events, index, [](const KnownEvent& one) -> const std::string& { return one.json; });
}

void archaeo_events_free(archaeo_events* events) { free_handle(events); }

}  // extern "C"
