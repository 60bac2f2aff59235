// What cgo cannot say by itself: callbacks whose user data is a number.
#ifndef ARCHAEOLOGIST_GO_SHIM_H
#define ARCHAEOLOGIST_GO_SHIM_H

#include <archaeologist/archaeologist.h>
#include <stdlib.h>

// In callbacks.c. `handle` is a cgo.Handle, never a pointer of Go's.
void go_archaeo_set_log(archaeo_options* options, uintptr_t handle);
void go_archaeo_set_embedder(archaeo_embedder* embedder, uintptr_t handle);

#endif
