#!/bin/sh
# Records and labels every service: record.sh FOLDER [PARALLEL [BATCH]]. The faults of the CPU need a machine that is otherwise at rest: PARALLEL is 1.
set -eu
out=$1 parallel=${2:-1} batch=${3:-0}
mkdir -p "$out/perf"
out=$(cd "$out" && pwd)
cd "$(dirname "$0")"
bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
go build -trimpath -o "$bin/twins" .
"$bin/twins" -list -batch "$batch" | xargs -P "$parallel" -n 1 "$bin/twins" -out "$out" -twin
xz -9f "$out"/perf/*.trace
