// The commands that change sources and projects.
#include <algorithm>

#include "archaeologist/json.hpp"
#include "cli/session.hpp"
#include "host/figure.hpp"
#include "host/terminal.hpp"

namespace archaeologist::cli {
namespace {

bool wants_json(const Session& session) { return session.global.format == Format::json; }

struct SourceProblem {
    SourceId id{};
    Error error;
};

struct SourceChanges {
    std::int64_t changed = 0;
    std::vector<Job> made;  // by reprocess
    std::vector<SourceProblem> problems;
};

std::string to_json(const SourceChanges& changes, TimePoint now) {
    JsonWriter json;
    json.begin_object().field("changed", changes.changed).field("refused", changes.problems.size());
    json.key("jobs").begin_array();
    for (const auto& job : changes.made) json.raw(to_json(job, now));
    json.end_array().key("problems").begin_array();
    for (const auto& [id, error] : changes.problems) {
        json.begin_object().field("id", to_integer(id)).field("error", error.message);
        json.field("code", to_string(error.code)).end_object();
    }
    json.end_array().end_object();
    return std::move(json).text();
}

Status change_one(Service& service, ProjectId project, SourceId id, const SourcesChange& command,
                  std::vector<Job>& made) {
    if (command.action == SourceAction::remove) return service.delete_source(project, id);
    ARCHAEO_ASSIGN(auto job, service.reprocess(project, id, command.priority));
    made.push_back(std::move(job));
    return {};
}

// Errors: only those that say nothing about the one source.
Result<SourceChanges> change_all(Service& service, ProjectId project, const SourcesChange& command) {
    SourceChanges changes;
    for (const SourceId id : command.ids) {
        auto changed = change_one(service, project, id, command, changes.made);
        if (changed) {
            ++changes.changed;
            continue;
        }
        if (changed.error().code != Code::not_found && changed.error().code != Code::conflict) return changed.error();
        changes.problems.push_back({id, std::move(changed).error()});
    }
    return changes;
}

std::string text_of(const SourceChanges& changes, SourceAction action) {
    if (action == SourceAction::remove) return host::count_text(changes.changed) + " deleted\n";
    std::string text;
    for (const auto& job : changes.made) text += job.id.text() + '\n';
    return text;
}

}  // namespace

Result<int> run(const SourcesChange& command, const Session& session) {
    ARCHAEO_ASSIGN(auto service, session.open(IfMissing::refuse));
    ARCHAEO_ASSIGN(const auto project, session.project(*service, command.project));
    ARCHAEO_ASSIGN(const auto changes, change_all(*service, project.id, command));
    int code = done;
    for (const auto& problem : changes.problems) {
        complain(problem.error.message);
        code = std::max<int>(code, exit_code_of(problem.error));
    }
    const bool json = wants_json(session);
    ARCHAEO_TRY(host::write_output(json ? to_json(changes, service->now()) + '\n' : text_of(changes, command.action)));
    return code;
}

Result<int> run(const ProjectsDelete& command, const Session& session) {
    ARCHAEO_ASSIGN(auto service, session.open(IfMissing::refuse));
    ARCHAEO_ASSIGN(const auto project, session.project(*service, command.name));
    ARCHAEO_TRY(service->delete_project(project.id));
    const std::string text = "deleted, with " + host::count_text(project.sources) + " files";
    ARCHAEO_TRY(host::write_output((wants_json(session) ? archaeologist::to_json(project) : text) + '\n'));
    return done;
}

}  // namespace archaeologist::cli
