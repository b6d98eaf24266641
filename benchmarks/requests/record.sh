#!/bin/sh
# Records every variant: record.sh [FOLDER]. Traces are compressed by xz; needs Go and the module proxy.
set -eu
out=${1:-recordings}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$(dirname "$0")"
bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
go build -trimpath -o "$bin/requests" .
for variant in $("$bin/requests" -list); do
  "$bin/requests" -variant "$variant" -out "$out"
  xz -9ef "$out/$variant.trace" "$out/$variant.json"
done
