#!/bin/sh
# Records all scenarios (or those named) into recordings/, compressed. Needs Go 1.25 or later and xz.
set -eu
cd "$(dirname "$0")"
bin=$(mktemp)
trap 'rm -f "$bin"' EXIT
go build -trimpath -o "$bin" .
for name in ${*:-lock_network chan_full slow_downstream gc_assist timer sched_delay fan_out fan_in nested semaphore shared \
    cond_pool readers pipeline worker system_call fan_out_two ids_only}; do
    rm -f "recordings/$name".*
    "$bin" -scenario "$name" -out recordings
done
xz -9 -f recordings/*.trace
