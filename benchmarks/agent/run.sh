#!/bin/sh
# Builds the demo's services and measures; arguments go to the program (-runs, -slices, -requests, -rate, -outage). About 110 seconds.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
(cd "$here/../../infra/demo" && go build -trimpath -o "$bin/" ./cmd/gateway ./cmd/orders ./cmd/inventory)
(cd "$here" && go build -o "$bin/measure" .)
"$bin/measure" -bin "$bin" "$@"
