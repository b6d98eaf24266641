#!/bin/sh
# Records the demo's services anew into recordings/: needs Go 1.26, a C compiler (for the race detector) and xz.
# Takes about two minutes. SECONDS_OF_LOAD changes how long each scenario runs.
set -eu
cd "$(dirname "$0")"
go run ./cmd/record -module . -out recordings -seconds "${SECONDS_OF_LOAD:-5}"
du -sk recordings
