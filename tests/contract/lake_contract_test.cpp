#include "contract/lake_contract.hpp"

#include <doctest/doctest.h>

#include "lake/local.hpp"
#include "lake/memory.hpp"
#include "support/s3_server.hpp"
#include "support/temporary_folder.hpp"

using namespace archaeologist;

TEST_CASE("lake: memory") {
    lake_contract([] { return std::make_unique<MemoryLake>(); });
}

TEST_CASE("lake: local") {
    const TemporaryFolder folder;
    lake_contract([&folder] {
        auto lake = open_local_lake(folder.path("data"));
        REQUIRE(lake.has_value());
        return std::move(lake).value();
    });
}

TEST_CASE("lake: S3") {
    const TemporaryFolder folder;
    lake_contract([&folder] {
        S3Server& server = S3Server::shared();
        auto lake = open_lake(server.config(server.fresh_prefix()), folder.path("data"));
        REQUIRE(lake.has_value());
        return std::move(lake).value();
    });
}
