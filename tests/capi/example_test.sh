#!/usr/bin/env bash
# example_test.sh CC HEADER INCLUDE_FOLDER: the example at the header's top compiles as it stands.
set -euo pipefail
example=$(sed -n '/^ \*     #include <archaeologist/,/^ \*     }$/p' "$2" | sed 's/^ \*\( \{5\}\)\?//')
[ "$(wc -l <<<"$example")" -gt 10 ]
"$1" -std=c99 -pedantic -Werror -Wall -Wextra -fsyntax-only -I "$3" -x c - <<<"$example"
