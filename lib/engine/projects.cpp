// Changing and deleting projects.
#include "engine/impl.hpp"

namespace archaeologist {

Result<Project> Engine::update_project(ProjectId id, const ProjectChange& change) {
    return impl_->update_project(id, change);
}

Status Engine::delete_project(ProjectId id) { return impl_->delete_project(id); }

}  // namespace archaeologist
