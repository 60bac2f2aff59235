#!/usr/bin/env bash
# complete_test.sh SYMBOLS FOLDER: the proof calls every exported function, and calls it with NULL where it takes a pointer.
set -euo pipefail
missing=$(grep -v '^#' "$1" | while read -r name; do grep -qw "$name" "$2/null.c" || echo "$name"; done)
[ -z "$missing" ] && exit 0
echo "null.c leaves out: $missing"
exit 1
