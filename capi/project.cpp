#include "archaeologist/project.hpp"

#include <algorithm>

#include "arguments.hpp"
#include "engine_state.hpp"
#include "guard.hpp"

using namespace archaeologist;        // NOLINT(google-build-using-namespace)
using namespace archaeologist::capi;  // NOLINT(google-build-using-namespace)

struct archaeo_project final : Handle {
    static constexpr bool is_bound = false;
    explicit archaeo_project(Project one) : project(std::move(one)), json(to_json(project)) {}
    Project project;
    std::string json;
};

namespace {

void give_project(Project project, archaeo_project** project_out) {
    if (project_out != nullptr) *project_out = make_handle<archaeo_project>(std::move(project));
}

Result<ExternalModels> known_external_models(int32_t given) {
    if (given == ARCHAEO_EXTERNAL_ALLOWED) return ExternalModels::allowed;
    if (given == ARCHAEO_EXTERNAL_DENIED) return ExternalModels::denied;
    return bad_number("external_models", given, "must be an ARCHAEO_EXTERNAL_...");
}

}  // namespace

extern "C" {

int32_t archaeo_project_create(archaeo_engine* engine, const char* name, const char* description,
                               archaeo_project** project_out, archaeo_error** error_out) {
    clear(project_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(const std::string known_name, text("name", name));
        ARCHAEO_ASSIGN(const std::string known_description, text_or("description", description, ""));
        ARCHAEO_ASSIGN(auto project, call->create_project(known_name, known_description));
        give_project(std::move(project), project_out);
        return {};
    });
}

int32_t archaeo_project_find(archaeo_engine* engine, const char* name, archaeo_project** project_out,
                             archaeo_error** error_out) {
    clear(project_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_TRY(require_pointer("project_out", project_out));
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(const std::string known_name, text("name", name));
        ARCHAEO_ASSIGN(auto project, call->project(known_name));
        give_project(std::move(project), project_out);
        return {};
    });
}

int32_t archaeo_project_get(archaeo_engine* engine, int64_t project_id, archaeo_project** project_out,
                            archaeo_error** error_out) {
    clear(project_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_TRY(require_pointer("project_out", project_out));
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(auto project, call->project(ProjectId{project_id}));
        give_project(std::move(project), project_out);
        return {};
    });
}

int32_t archaeo_project_list(archaeo_engine* engine, size_t offset, archaeo_project** projects_out, size_t capacity,
                             size_t* count_out, int64_t* total_out, archaeo_error** error_out) {
    clear(count_out);
    clear(total_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_TRY(require_pointer("count_out", count_out));
        if (capacity > 0) ARCHAEO_TRY(require_pointer("projects_out", projects_out));
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(auto projects, call->projects());
        const std::size_t begin = std::min(offset, projects.size());
        const std::size_t count = std::min(capacity, projects.size() - begin);
        HandleList<archaeo_project> handles;
        for (std::size_t i = 0; i < count; ++i) handles.add(std::move(projects[begin + i]));
        give(total_out, static_cast<std::int64_t>(projects.size()));
        *count_out = handles.give_all(projects_out);
        return {};
    });
}

int32_t archaeo_project_update(archaeo_engine* engine, int64_t project_id, const char* name, const char* description,
                               archaeo_project** project_out, archaeo_error** error_out) {
    clear(project_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ProjectChange change;
        if (name != nullptr) {
            ARCHAEO_ASSIGN(change.name, text("name", name));
        }
        if (description != nullptr) {
            ARCHAEO_ASSIGN(change.description, text("description", description));
        }
        ARCHAEO_ASSIGN(auto project, call->update_project(ProjectId{project_id}, change));
        give_project(std::move(project), project_out);
        return {};
    });
}

int32_t archaeo_project_set_external_models(archaeo_engine* engine, int64_t project_id, int32_t external_models,
                                            archaeo_project** project_out, archaeo_error** error_out) {
    clear(project_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ProjectChange change;
        ARCHAEO_ASSIGN(change.external_models, known_external_models(external_models));
        ARCHAEO_ASSIGN(auto project, call->update_project(ProjectId{project_id}, change));
        give_project(std::move(project), project_out);
        return {};
    });
}

int32_t archaeo_project_delete(archaeo_engine* engine, int64_t project_id, archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        return call->delete_project(ProjectId{project_id});
    });
}

int64_t archaeo_project_id(const archaeo_project* project) {
    return number_of(project, [](const archaeo_project& one) { return to_integer(one.project.id); });
}

archaeo_str archaeo_project_name(const archaeo_project* project) {
    return text_of(project, [](const archaeo_project& one) -> const std::string& { return one.project.name; });
}

archaeo_str archaeo_project_description(const archaeo_project* project) {
    return text_of(project, [](const archaeo_project& one) -> const std::string& { return one.project.description; });
}

int64_t archaeo_project_created_at_ms(const archaeo_project* project) {
    return number_of(project, [](const archaeo_project& one) { return to_ms(one.project.created_at); });
}

int64_t archaeo_project_source_count(const archaeo_project* project) {
    return number_of(project, [](const archaeo_project& one) { return one.project.sources; });
}

int32_t archaeo_project_external_models(const archaeo_project* project) {
    return number_of(project, [](const archaeo_project& one) -> std::int32_t {
        return one.project.external_models == ExternalModels::denied ? ARCHAEO_EXTERNAL_DENIED
                                                                     : ARCHAEO_EXTERNAL_ALLOWED;
    });
}

archaeo_str archaeo_project_json(const archaeo_project* project) {
    return text_of(project, [](const archaeo_project& one) -> const std::string& { return one.json; });
}

void archaeo_project_free(archaeo_project* project) { free_handle(project); }

}  // extern "C"
