#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <archaeologist/archaeologist.h>
#include <doctest/doctest.h>

#include <string>

TEST_CASE("the shared library says the version it was built as") {
    CHECK(std::string(archaeo_version_string()) == ARCHAEO_PROJECT_VERSION);
}

TEST_CASE("the shared library has the ABI of the header beside it") {
    CHECK(archaeo_abi_version() == ARCHAEO_ABI_VERSION);
}
