// The commands that list or show what the catalog holds.
#include "cli/list_text.hpp"
#include "cli/session.hpp"
#include "host/terminal.hpp"

namespace archaeologist::cli {
namespace {

bool wants_json(const Session& session) { return session.global.format == Format::json; }

std::string json_array_of(const std::vector<Project>& projects) {
    std::string json = "[";
    for (const auto& project : projects) json += (json.size() > 1 ? "," : "") + to_json(project);
    return json + ']';
}

template <class Page>
Result<int> print_page(const Page& page, const std::string& json, const std::string& table, const Session& session) {
    ARCHAEO_TRY(host::write_output(wants_json(session) ? json + '\n' : table));
    if (!wants_json(session)) host::StatusLine::standard_error().message(position_of(page));
    return done;
}

}  // namespace

Result<int> run(const JobsList& command, const Session& session) {
    ARCHAEO_ASSIGN(auto service, session.open(IfMissing::refuse));
    JobFilter filter = command.filter;
    if (!command.project.empty()) {
        ARCHAEO_ASSIGN(const auto project, session.project(*service, command.project));
        filter.project_id = project.id;
    }
    ARCHAEO_ASSIGN(const auto page, service->jobs(filter));
    const TimePoint now = service->now();
    return print_page(page, to_json(page, now), table_of(page, now), session);
}

Result<int> run(const JobsShow& command, const Session& session) {
    ARCHAEO_ASSIGN(auto service, session.open(IfMissing::refuse));
    ARCHAEO_ASSIGN(const auto job, service->job(command.id));
    const TimePoint now = service->now();
    ARCHAEO_TRY(host::write_output(wants_json(session) ? to_json(job, now) + '\n' : description_of(job, now)));
    return done;
}

Result<int> run(const SourcesList& command, const Session& session) {
    ARCHAEO_ASSIGN(auto service, session.open(IfMissing::refuse));
    ARCHAEO_ASSIGN(const auto project, session.project(*service, command.project));
    SourceFilter filter = command.filter;
    filter.project_id = project.id;
    ARCHAEO_ASSIGN(const auto page, service->sources(filter));
    return print_page(page, to_json(page), table_of(page), session);
}

Result<int> run(const SourcesShow& command, const Session& session) {
    ARCHAEO_ASSIGN(auto service, session.open(IfMissing::refuse));
    ARCHAEO_ASSIGN(const auto project, session.project(*service, command.project));
    ARCHAEO_ASSIGN(const auto source, service->source(project.id, command.id));
    ARCHAEO_TRY(host::write_output(wants_json(session) ? to_json(source) + '\n' : description_of(source)));
    return done;
}

Result<int> run(const ProjectsList&, const Session& session) {
    ARCHAEO_ASSIGN(auto service, session.open(IfMissing::refuse));
    ARCHAEO_ASSIGN(const auto projects, service->projects());
    ARCHAEO_TRY(host::write_output(wants_json(session) ? json_array_of(projects) + '\n' : table_of(projects)));
    return done;
}

Result<int> run(const ProjectsCreate& command, const Session& session) {
    ARCHAEO_ASSIGN(auto service, session.open(IfMissing::make));
    ARCHAEO_ASSIGN(const auto project,
                   service->create_project(command.name, command.description, command.external_models));
    ARCHAEO_TRY(host::write_output(wants_json(session) ? to_json(project) + '\n' : table_of({project})));
    return done;
}

Result<int> run(const ProjectsSet& command, const Session& session) {
    ARCHAEO_ASSIGN(auto service, session.open(IfMissing::refuse));
    ARCHAEO_ASSIGN(const auto known, service->project(command.name));
    ProjectChange change;
    change.external_models = command.external_models;
    ARCHAEO_ASSIGN(const auto project, service->update_project(known.id, change));
    ARCHAEO_TRY(host::write_output(wants_json(session) ? to_json(project) + '\n' : table_of({project})));
    return done;
}

}  // namespace archaeologist::cli
