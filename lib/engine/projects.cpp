// Changing and deleting projects.
#include "catalog/catalog.hpp"
#include "engine/impl.hpp"

namespace archaeologist {

Result<Project> Engine::update_project(ProjectId id, const ProjectChange& change) {
    return impl_->catalog->write(
        [&](sqlite::Connection& tx) { return catalog::update_project(tx, id, change.name, change.description); });
}

Status Engine::delete_project(ProjectId id) { return impl_->delete_project(id); }

}  // namespace archaeologist
