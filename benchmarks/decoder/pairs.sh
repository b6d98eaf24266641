#!/bin/sh
# Times `unpark events --format count` against the same work in Go, as whole processes, in turn (A B A B ...), and prints
# the median of the ratios and what was resident at most. Needs Go, GNU time and an idle machine.
#
#   ./pairs.sh [PAIRS [MB ...]]        default: 7 pairs, traces of 5, 50 and 300 MB
#   JAVA_HOME=/usr/lib/jvm/java-17-openjdk-amd64 ./pairs.sh
set -eu
cd "$(dirname "$0")"
pairs=${1:-7}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- 5 50 300
unpark=../../unpark
mkdir -p traces
(cd generate && go build -o ../traces/generate .)
(cd peer && go build -o ../traces/peer .)

timed() {
    /usr/bin/time -f '%e %U %M' -o traces/time "$@" >/dev/null
    cat traces/time
}

echo "file pair  java: wall user residentKiB  go: wall user residentKiB  ratio of wall times"
for mb in "$@"; do
    file=traces/$mb.trace
    [ -f "$file" ] || traces/generate -mb "$mb" -out "$file"
    # The first start makes the start-up cache, in the background; these runs are not counted.
    timed $unpark events --format count "$file" >/dev/null
    sleep 15
    timed $unpark events --format count "$file" >/dev/null
    timed traces/peer "$file" >/dev/null
    : >traces/results
    i=0
    while [ $i -lt "$pairs" ]; do
        i=$((i + 1))
        java=$(timed $unpark events --format count "$file")
        go=$(timed traces/peer "$file")
        echo "$java $go" | awk -v mb="$mb" -v i=$i '{ printf "%s %d  %s %s %s  %s %s %s  %.2f\n", mb, i, $1, $2, $3, $4, $5, $6, $4 / $1 }' | tee -a traces/results
    done
    sort -n -k 9 traces/results | awk -v mb="$mb" '
        { ratio[NR] = $9; if ($5 > resident) resident = $5 }
        END { printf "%s MB: %.2f times as fast as Go (median of %d; %.2f to %.2f), at most %d MiB resident\n", mb, ratio[int((NR + 1) / 2)], NR, ratio[1], ratio[NR], resident / 1024 }'
done
