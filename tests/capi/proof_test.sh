#!/usr/bin/env bash
# proof_test.sh plain|valgrind PROGRAM PART: runs a part of the proof in a folder of its own.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
runner=()
if [ "$1" = valgrind ]; then
    leaks=full
    # A forked child ends with what its parent's threads held, which nothing can free.
    [ "$3" != fork ] || leaks=no
    # RE2's sparse arrays read what nobody wrote, on purpose (re2/sparse_array.h).
    printf '{\nre2 %s\nMemcheck:%s\n...\nobj:*/libre2.so*\n}\n' 1 Cond 2 Value8 >"$folder/re2.supp"
    runner=(valgrind --quiet "--suppressions=$folder/re2.supp" --error-exitcode=9 --leak-check=$leaks --show-leak-kinds=definite,indirect
        --errors-for-leak-kinds=definite,indirect)
fi
"${runner[@]}" "$2" "$3" "$folder/work"
