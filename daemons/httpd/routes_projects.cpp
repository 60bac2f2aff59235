#include "httpd/api.hpp"
#include "httpd/shapes.hpp"

namespace archaeologist::httpd {
namespace {

using host::Call;
using host::HttpReply;
using host::Route;
using host::Schema;

Schema name_schema() { return Schema::text(1, 200, "UTF-8 without control characters, unique"); }
Schema description_schema() { return Schema::text(0, 4'096); }
Schema external_models_schema() {
    return Schema::choice(
        {"allowed", "denied"},
        "Whether its texts and questions may be sent to an embedder that is not the built-in one; denied: that "
        "one embeds them, whatever model the server has");
}

std::optional<ExternalModels> external_models_of(const Call& call) {
    return parse_external_models(call.body().text("external_models").value_or(""));
}

Result<HttpReply> create(Api& api, const Call& call) {
    ARCHAEO_ASSIGN(
        const auto project,
        api.engine.create_project(call.body().text("name").value_or(""), call.body().text("description").value_or(""),
                                  external_models_of(call).value_or(ExternalModels::allowed)));
    return json_reply(201, to_json(project));
}

Result<HttpReply> list(Api& api) {
    ARCHAEO_ASSIGN(const auto projects, api.engine.projects());
    JsonWriter json;
    json.begin_array();
    for (const auto& project : projects) json.raw(to_json(project));
    json.end_array();
    return json_reply(200, std::move(json).text());
}

Result<HttpReply> get(Api& api, const Call& call) {
    ARCHAEO_ASSIGN(const auto project, api.engine.project(project_of(call)));
    return json_reply(200, to_json(project));
}

Result<HttpReply> update(Api& api, const Call& call) {
    const ProjectChange change{.name = call.body().text("name"),
                               .description = call.body().text("description"),
                               .external_models = external_models_of(call)};
    ARCHAEO_ASSIGN(const auto project, api.engine.update_project(project_of(call), change));
    return json_reply(200, to_json(project));
}

Result<HttpReply> remove(Api& api, const Call& call) {
    ARCHAEO_TRY(api.engine.delete_project(project_of(call)));
    return no_content();
}

}  // namespace

std::vector<Route> project_routes(Api& api) {
    return {
        Route("POST", "/api/v1/projects", "createProject", "projects", "Makes a project")
            .takes(Route::Body::json, Schema::object({{"name", name_schema(), true},
                                                      {"description", description_schema()},
                                                      {"external_models", external_models_schema()}}))
            .replies(201, "The project", "Project")
            .replies(409, "The name is taken")
            .by([&api](Call& call) { return create(api, call); }),
        Route("GET", "/api/v1/projects", "listProjects", "projects", "All projects, by name")
            .replies(200, "The projects", "Projects")
            .by([&api](Call&) { return list(api); }),
        Route("GET", "/api/v1/projects/{project_id}", "getProject", "projects", "One project")
            .part(project_id())
            .replies(200, "The project", "Project")
            .by([&api](Call& call) { return get(api, call); }),
        Route("PUT", "/api/v1/projects/{project_id}", "updateProject", "projects",
              "Gives it another name or description, or another say on external models")
            .part(project_id())
            .takes(Route::Body::json, Schema::object({{"name", name_schema()},
                                                      {"description", description_schema()},
                                                      {"external_models", external_models_schema()}}))
            .replies(200, "The project", "Project")
            .replies(409, "The name is taken")
            .by([&api](Call& call) { return update(api, call); }),
        Route("DELETE", "/api/v1/projects/{project_id}", "deleteProject", "projects",
              "Cancels its jobs, and forgets its sources and chunks")
            .part(project_id())
            .replies(204, "Gone")
            .by([&api](Call& call) { return remove(api, call); }),
    };
}

}  // namespace archaeologist::httpd
