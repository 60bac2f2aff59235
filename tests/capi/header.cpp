#include <archaeologist/archaeologist.h>

static_assert(ARCHAEO_OK == 0, "success is zero, as C programs expect");
static_assert(sizeof(archaeo_abi_version()) == 4, "numbers have the same size on every machine");
