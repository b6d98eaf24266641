#!/bin/sh
# Records and labels every scenario, in each mode: record.sh FOLDER [PARALLEL].
set -eu
out=${1:?folder} parallel=${2:-2}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$(dirname "$0")"
bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
go build -trimpath -o "$bin/deadlines" .
for name in $("$bin/deadlines" -list); do for mode in plain otel ids agent; do echo "$name" $mode; done; done |
    xargs -P "$parallel" -L 1 sh -c '"$0" -out "$1" -scenario "$2" -mode "$3" || echo "FAILED $2 $3"' "$bin/deadlines" "$out"
