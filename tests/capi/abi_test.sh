#!/usr/bin/env bash
# abi_test.sh LIBRARY BASELINE: what the library exports has the types and layouts of the reviewed baseline.
# abi_test.sh --update LIBRARY BASELINE HEADER: writes the baseline anew, for changes that keep programs running (something was
# added) or, until 0.1 is out, for any.
set -euo pipefail
if [ "$1" = --update ]; then
    headers=$(mktemp -d)
    trap 'rm -rf "$headers"' EXIT
    cp "$4" "$headers"
    # What stands behind the opaque handles is left out, so that its changes are none of the ABI's.
    abidw --exported-interfaces-only --headers-dir "$headers" --drop-private-types --no-corpus-path --no-comp-dir-path \
        --no-show-locs --no-elf-needed --type-id-style hash --out-file "$3" "$2"
    # Where the tree stood is nobody's business.
    sed -i "s|path='[^']*/capi/|path='capi/|" "$3"
    exit 0
fi
if grep -m 1 "path='[/.]" "$2"; then
    echo "$2 has a path of one machine; write it with $0 --update"
    exit 1
fi
abidiff --exported-interfaces-only "$2" "$1" && exit 0
echo "The ABI differs from $2. If programs that were compiled before still run: $0 --update $1 $2 HEADER"
exit 1
