#!/bin/sh
# Records and labels every scenario, with and without the agent: record.sh FOLDER [PARALLEL].
set -eu
out=${1:?folder} parallel=${2:-2}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$(dirname "$0")"
bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
go build -trimpath -o "$bin/deadlines" .
for name in $("$bin/deadlines" -list); do echo "$name" false; echo "$name" true; done |
    xargs -P "$parallel" -L 1 sh -c '"$0" -out "$1" -scenario "$2" -agent="$3" || echo "FAILED $2 $3"' "$bin/deadlines" "$out"
