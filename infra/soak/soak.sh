#!/bin/sh
# Kills processes at random moments while they work off the demo's recordings (and the corpus' where it is there), and compares
# the anomalies in the end with those of analyze and of an undisturbed run. Takes about 15 s a kill.
#   soak.sh [KILLS [SEED [VICTIMS]]]     VICTIMS: any of undisturbed,stream,collect,up,broker
# "disk" is a victim too, which fills the file system of the folder UNPARK_SOAK_SMALL and should be all that is there:
#   mount -t tmpfs -o size=400m tmpfs /mnt/small; UNPARK_SOAK_SMALL=/mnt/small soak.sh 5 1 disk
set -eu
cd "$(dirname "$0")/../.."
exec mvn -o -B -q -pl app -am test -Dtest=SoakRun -Dsurefire.failIfNoSpecifiedTests=false \
    -Dunpark.soak.kills="${1:-30}" -Dunpark.soak.seed="${2:-1}" -Dunpark.soak.small="${UNPARK_SOAK_SMALL:-}" -Dunpark.soak.victims="${3:-undisturbed,stream,collect,up,broker}"
