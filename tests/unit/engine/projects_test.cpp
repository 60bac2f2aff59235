#include "unit/engine/world.hpp"

using namespace archaeologist;

TEST_CASE("a project's name and description are changed apart or together") {
    EngineWorld world;
    REQUIRE(world.upload("a.txt", "text"));
    const Project named = world.engine->update_project(world.project, {.name = "q", .description = {}}).value();
    CHECK(named.name == "q");
    CHECK(named.sources == 1);
    CHECK(world.engine->project("p").error().code == Code::not_found);
    CHECK(world.engine->update_project(world.project, {.name = {}, .description = "about"}).value().name == "q");
    const Project both = world.engine->update_project(world.project, {.name = "r", .description = ""}).value();
    CHECK(both.description.empty());
    CHECK(to_json(world.engine->project("r").value()) == to_json(both));
    CHECK(to_json(world.engine->update_project(world.project, {}).value()) == to_json(both));
    CHECK(world.engine->update_project(world.project, {.name = "r", .description = {}}));
}

TEST_CASE("a project cannot take another's name or a bad one") {
    EngineWorld world;
    REQUIRE(world.engine->create_project("other"));
    const auto refusal = [&](const ProjectChange& change) {
        return world.engine->update_project(world.project, change).error().code;
    };
    CHECK(refusal({.name = "other", .description = {}}) == Code::already_exists);
    CHECK(refusal({.name = "", .description = {}}) == Code::invalid_argument);
    CHECK(refusal({.name = "a\nb", .description = {}}) == Code::invalid_argument);
    CHECK(refusal({.name = {}, .description = std::string(5'000, 'x')}) == Code::invalid_argument);
    CHECK(world.engine->update_project(ProjectId{99}, {}).error().code == Code::not_found);
    CHECK(world.engine->project(world.project).value().name == "p");
}
