#include <doctest/doctest.h>

#include "contract/embedder_contract.hpp"

using namespace archaeologist;

TEST_CASE("embedder: built-in") { embedder_contract(make_builtin_embedder); }
