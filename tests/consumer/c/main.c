#include <archaeologist/archaeologist.h>
#include <stdio.h>
#include <string.h>

/* consumer VERSION: the library in use is of that version. */
int main(int argc, char** argv) {
    if (argc != 2 || strcmp(argv[1], archaeo_version_string()) != 0) {
        fprintf(stderr, "the library is version %s\n", archaeo_version_string());
        return 1;
    }
    return archaeo_abi_version() == ARCHAEO_ABI_VERSION ? 0 : 1;
}
