#include "catalog/catalog.hpp"

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"

using namespace archaeologist;

namespace {

constexpr TimePoint now = from_ms(1'000'000);

Result<Project> create(sqlite::Database& database, std::string_view name) {
    return database.write(
        [&](sqlite::Connection& tx) { return catalog::create_project(tx, name, "about it", {}, now); });
}

}  // namespace

TEST_CASE("projects are found by name and by id, and names are unique") {
    const TemporaryFolder folder;
    const auto database = catalog::open(folder.path()).value();
    const Project made = create(*database, "legacy").value();
    CHECK(create(*database, "legacy").error().code == Code::already_exists);
    const auto by_name = database->read([](sqlite::Connection& tx) { return catalog::project(tx, "legacy"); }).value();
    const auto by_id = database->read([&](sqlite::Connection& tx) { return catalog::project(tx, made.id); }).value();
    CHECK(by_name.id == made.id);
    CHECK(by_id.name == "legacy");
    CHECK(by_id.description == "about it");
    const auto missing = database->read([](sqlite::Connection& tx) { return catalog::project(tx, "other"); });
    CHECK(missing.error().code == Code::not_found);
    CHECK(missing.error().message == "project \"other\" does not exist");
}

TEST_CASE("a project's name must be short, readable UTF-8") {
    const TemporaryFolder folder;
    const auto database = catalog::open(folder.path()).value();
    for (const std::string& name : {std::string(), std::string(201, 'a'), std::string("a\nb"), std::string("\xFF")}) {
        CHECK(create(*database, name).error().code == Code::invalid_argument);
    }
    CHECK(create(*database, "会計 2026"));
}

TEST_CASE("what was written is there when the catalog is opened again") {
    const TemporaryFolder folder;
    REQUIRE(create(*catalog::open(folder.path()).value(), "legacy"));
    const auto database = catalog::open(folder.path()).value();
    CHECK(database->read([](sqlite::Connection& tx) { return catalog::projects(tx); }).value().size() == 1);
}

TEST_CASE("events come in order behind a cursor") {
    const TemporaryFolder folder;
    const auto database = catalog::open(folder.path()).value();
    for (const auto* kind : {"job.queued", "job.running", "job.completed"}) {
        REQUIRE(database->write([&](sqlite::Connection& tx) {
            return catalog::add_event(tx, {kind, std::nullopt, ProjectId{1}, std::nullopt}, now);
        }));
    }
    const auto all =
        database->read([](sqlite::Connection& tx) { return catalog::events(tx, {.after = 0, .limit = 10}); }).value();
    REQUIRE(all.size() == 3);
    const auto rest =
        database->read([&](sqlite::Connection& tx) { return catalog::events(tx, {.after = all[1].id, .limit = 10}); })
            .value();
    REQUIRE(rest.size() == 1);
    CHECK(rest[0].kind == "job.completed");
    CHECK(to_json(rest[0]).find("\"project_id\":1") != std::string::npos);
}

TEST_CASE("a sound catalog is said to be, unless there is no time to look") {
    const TemporaryFolder folder;
    const auto database = catalog::open(folder.path()).value();
    const auto check = [&](std::chrono::milliseconds time_max) {
        return database->read([&](sqlite::Connection& tx) { return catalog::quick_check(tx, time_max); }).value();
    };
    CHECK(check(std::chrono::hours{1}) == "ok");
    REQUIRE(database->write([](sqlite::Connection& tx) -> Status {
        for (int i = 0; i < 20'000; ++i) {
            ARCHAEO_TRY(catalog::add_event(tx, {"job.queued", std::nullopt, std::nullopt, std::nullopt}, now));
        }
        return {};
    }));
    CHECK(check(std::chrono::milliseconds{0}) == std::nullopt);
    CHECK(check(std::chrono::hours{1}) == "ok");
}
