// What search may see of the catalog: one read transaction, held while the search runs.
#pragma once

#include <memory>

#include "search/catalog.hpp"
#include "sqlite/database.hpp"

namespace archaeologist {

class CatalogForSearch final : public SearchCatalog {
public:
    explicit CatalogForSearch(sqlite::Database& database) : database_(database) {}
    [[nodiscard]] Result<std::unique_ptr<ActiveSnapshot>> snapshot() override;

private:
    sqlite::Database& database_;
};

}  // namespace archaeologist
