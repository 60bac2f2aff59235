/* The smallest C program: which library is loaded, and does it fit the header this was compiled with? */
#include <archaeologist/archaeologist.h>
#include <stdio.h>

int main(void) {
    if (archaeo_abi_version() < ARCHAEO_ABI_VERSION) {
        fprintf(stderr, "libarchaeologist is too old: ABI %d, needs %d\n", (int)archaeo_abi_version(),
                ARCHAEO_ABI_VERSION);
        return 1;
    }
    printf("libarchaeologist %s, ABI %d\n", archaeo_version_string(), (int)archaeo_abi_version());
    return 0;
}
