#include "handlers.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <thread>

#include "line_protocol.hpp"

namespace archaeologist {
namespace {

using namespace std::chrono_literals;

// The member of flat JSON, as the tests write it.
std::string_view member(std::string_view json, std::string_view name) {
    const std::string key = "\"" + std::string(name) + "\":";
    const auto found = json.find(key);
    if (found == std::string_view::npos) return {};
    json.remove_prefix(found + key.size());
    if (json.starts_with('"')) json.remove_prefix(1);
    return json.substr(0, json.find_first_of("\",}"));
}

int number(std::string_view json, std::string_view name) { return std::atoi(std::string(member(json, name)).c_str()); }

std::string attempt_of(const Lease& lease) { return lease.id.text() + " " + std::to_string(lease.epoch); }

void say_event(std::string_view what, const Lease& lease) {
    say("event " + std::string(what) + " " + attempt_of(lease) + " " + monotonic_ms());
}

Outcome expand(const JobContext& context) {
    const std::string& data = context.lease().job_data;
    Expanded expanded;
    for (int i = number(data, "children"); i > 0; --i) {
        NewJob child;
        child.job_type = member(data, "of");
        expanded.children.push_back(std::move(child));
    }
    say_event("expanding", context.lease());
    return expanded;
}

}  // namespace

Workbench::Workbench(const std::string& ledger) {
    if (ledger.empty()) return;
    ledger_ = ::open(ledger.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (ledger_ < 0) std::abort();
}

Workbench::~Workbench() {
    if (ledger_ >= 0) ::close(ledger_);
}

// In one write, which a kill either lets happen or not.
void Workbench::note(const JobContext& context) {
    if (ledger_ < 0) return;
    const std::string line = attempt_of(context.lease()) + "\n";
    if (::write(ledger_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) std::abort();
}

Outcome Workbench::hold(const JobContext& context) {
    const int releases = releases_;
    say_event("started", context.lease());
    while (releases == releases_ && !is_closed_ && !context.stop_requested()) std::this_thread::sleep_for(2ms);
    const bool is_stopped = context.stop_requested();
    say_event(is_stopped ? "stopped" : "released", context.lease());
    if (is_stopped && member(context.lease().job_data, "insists").empty()) return Failed{.message = "was told to stop"};
    return Completed{.result_data = R"({"by":")" + context.lease().worker_id + "\"}"};
}

std::map<std::string, JobHandler> Workbench::handlers() {
    return {{"note",
             [this](JobContext& context) -> Outcome {
                 note(context);
                 const int ms = number(context.lease().job_data, "ms");
                 if (ms > 0) std::this_thread::sleep_for(ms * 1ms);
                 return Completed{};
             }},
            {"tell",
             [this](JobContext& context) -> Outcome {
                 note(context);
                 say_event("started", context.lease());
                 return Completed{};
             }},
            {"hold",
             [this](JobContext& context) -> Outcome {
                 note(context);
                 return hold(context);
             }},
            {"poison",
             [this](JobContext& context) -> Outcome {
                 note(context);
                 ::kill(::getpid(), SIGKILL);
                 return Failed{.message = "it survived", .permanent = true};
             }},
            {"expand", [this](JobContext& context) -> Outcome {
                 note(context);
                 return expand(context);
             }}};
}

}  // namespace archaeologist
