#!/bin/sh
# Records and labels every scenario: record.sh [FOLDER [PARALLEL [BATCH]]]. Traces are compressed by xz.
set -eu
out=${1:-recordings} parallel=${2:-6} batch=${3:-0}
cd "$(dirname "$0")"
mkdir -p "$out/traces" "$out/labels"
bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
go build -trimpath -o "$bin/leaks" .
"$bin/leaks" -list -batch "$batch" | xargs -P "$parallel" -L 1 sh -c '"$0" -out "$1" -scenario "$2" -mode "$3" || echo "FAILED $2 $3"' "$bin/leaks" "$out"
xz -9f "$out"/traces/*.trace
