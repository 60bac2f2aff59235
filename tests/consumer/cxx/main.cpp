#include <archaeologist/id.hpp>
#include <archaeologist/version.hpp>
#include <cstdio>
#include <string>

// consumer VERSION: the library in use is of that version, and works.
int main(int argc, char** argv) {
    const std::string version(archaeologist::version());
    if (argc != 2 || version != argv[1]) {
        std::fprintf(stderr, "the library is version %s\n", version.c_str());
        return 1;
    }
    const auto hash = archaeologist::ContentHash::of("abc").hex();
    return hash == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" ? 0 : 1;
}
