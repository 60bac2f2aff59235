#!/usr/bin/env bash
# symbols_test.sh NM LIBRARY SYMBOLS: the library exports exactly the reviewed list.
set -euo pipefail
if difference=$(diff <(grep -v '^#' "$3") <("$1" -D --defined-only "$2" | awk '{ print $NF }' | LC_ALL=C sort)); then
    exit 0
fi
echo "$2: its exports differ from $3 (< is reviewed, > is exported):"
echo "$difference"
exit 1
