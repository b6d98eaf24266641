#!/bin/sh
# Times `unpark analyze` (decode, follow, judge) against a Go program that merely reads the same events with Go's own reader, as
# whole processes, in turn (A B A B ...), and prints the median of the ratios and what was resident at most. Traces are those
# of ../decoder, made when they are missing. Needs Go, GNU time and an idle machine.
#
#   ./pairs.sh [PAIRS [MB ...]]        default: 5 pairs, traces of 300 and 600 MB
#   TRACES=DIR ./pairs.sh              where the traces lie, or are made
set -eu
cd "$(dirname "$0")"
pairs=${1:-5}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- 300 600
unpark=../../unpark
traces=${TRACES:-../decoder/traces}
mkdir -p made "$traces"
(cd ../decoder/generate && go build -o ../../analysis/made/generate .)
(cd ../decoder/peer && go build -o ../../analysis/made/peer .)

timed() {
    /usr/bin/time -f '%e %U %M' -o made/time "$@" >/dev/null 2>made/stderr
    cat made/time
}

echo "file pair  java: wall user residentKiB  go: wall user residentKiB  ratio of wall times"
for mb in "$@"; do
    file=$traces/$mb.trace
    [ -f "$file" ] || made/generate -mb "$mb" -out "$file"
    # The first start makes the start-up cache, in the background; these runs are not counted.
    timed $unpark analyze "$file" >/dev/null
    sleep 60
    timed made/peer "$file" >/dev/null
    : >made/results
    i=0
    while [ $i -lt "$pairs" ]; do
        i=$((i + 1))
        java=$(timed $unpark analyze "$file")
        go=$(timed made/peer "$file")
        echo "$java $go" | awk -v mb="$mb" -v i=$i '{ printf "%s %d  %s %s %s  %s %s %s  %.2f\n", mb, i, $1, $2, $3, $4, $5, $6, $4 / $1 }' | tee -a made/results
    done
    sort -n -k 9 made/results | awk -v mb="$mb" '
        { ratio[NR] = $9; if ($5 > resident) resident = $5 }
        END { printf "%s MB: %.2f times as fast as Go reads (median of %d; %.2f to %.2f), at most %d MiB resident\n", mb, ratio[int((NR + 1) / 2)], NR, ratio[1], ratio[NR], resident / 1024 }'
done
