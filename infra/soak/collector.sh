#!/bin/sh
# The collector under stress: many real agents while it is killed, the broker is gone for half a minute, their spools overflow, and hostile
# clients come (slow ones, malformed, oversized and bombed bodies). Prints figures and fails when something that was acknowledged is lost.
# Needs Go. Takes about three minutes, and ends by itself.
#   collector.sh [AGENTS [KILLS [SECONDS_WITHOUT_BROKER [MALFORMED]]]]
set -eu
cd "$(dirname "$0")/../.."
exec mvn -o -B -q -pl app -am test -Dtest=CollectorSoakRun -Dsurefire.failIfNoSpecifiedTests=false \
    -Dunpark.soak.agents="${1:-200}" -Dunpark.soak.kills="${2:-5}" -Dunpark.soak.away="${3:-30}" \
    -Dunpark.soak.malformed="${4:-10000}" -Dunpark.soak.heap="${UNPARK_SOAK_HEAP:-256m}"
