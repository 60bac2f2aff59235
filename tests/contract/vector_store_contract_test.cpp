#include <doctest/doctest.h>

#include "contract/vector_store_contract.hpp"
#include "contract/vector_store_random.hpp"
#include "contract/vector_store_samples.hpp"
#include "support/qdrant_server.hpp"
#include "support/temporary_folder.hpp"
#include "vector/embedded.hpp"
#include "vector/memory.hpp"

using namespace archaeologist;

namespace {

VectorStoreFactory embedded_in(const TemporaryFolder& folder, std::size_t vector_cache_bytes_max = 1 << 20) {
    return [&folder, vector_cache_bytes_max] {
        auto store = open_embedded_store(folder.path() + "/vectors", {sample_dimension, vector_cache_bytes_max});
        if (!store) FAIL(store.error().message);
        return std::move(store).value();
    };
}

}  // namespace

TEST_CASE("vector store: memory") {
    vector_store_contract([] { return make_memory_store(sample_dimension); });
}

TEST_CASE("vector store: embedded") {
    const TemporaryFolder folder;
    vector_store_contract(embedded_in(folder));
}

TEST_CASE("vector store: embedded, with vectors that do not fit in memory") {
    const TemporaryFolder folder;
    vector_store_contract(embedded_in(folder, 0));
}

TEST_CASE("vector store: Qdrant") {
    QdrantServer& server = QdrantServer::shared();
    const std::string prefix = server.fresh_prefix();
    vector_store_contract([&] {
        auto store = open_qdrant_store(server.location(prefix), server.options(), {"model", sample_dimension});
        if (!store) FAIL(store.error().message);
        return std::move(store).value();
    });
}

TEST_CASE("the embedded store does what the one in memory does, whatever happens, also after it was opened again") {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        const TemporaryFolder folder;
        compare_with_oracle(embedded_in(folder, seed % 3 == 0 ? 0 : 1 << 20), seed, 250);
    }
}
