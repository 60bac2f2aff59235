#include <archaeologist/archaeologist.h>

/* Used, so that the declarations are more than parsed. */
const char* header_version(void);
int32_t header_abi(void);

const char* header_version(void) { return archaeo_version_string(); }
int32_t header_abi(void) { return archaeo_abi_version() + ARCHAEO_OK; }
