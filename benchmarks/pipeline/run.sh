#!/bin/sh
# Measures the pipeline on a broker of its own. Needs a built project (mvn -DskipTests package); what it makes goes at its end.
#
#   ./run.sh throughput [MB [ROUNDS [PARTITIONS [RECORDINGS...]]]]
#   ./run.sh latency [MB_A_SECOND [PROBES]]              of an all-in-one process, under that load
#   ./run.sh cost [GENERATIONS [INSTANCES,INSTANCES...]] what an instance costs, few and many
#   ./run.sh rate [GENERATIONS_A_SECOND [INSTANCES]]     a growing rate, until the lag grows
#
# JAVA names another java, JFR a file for a flight recording, OPTIONS more options of the JVM.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
[ -d "$root/app/target/lib" ] || (cd "$root" && mvn -B -q -pl app -am -DskipTests package)
java=${JAVA:-java}
libraries="$root/app/target/lib/*"
# As the launcher has it.
collector="-XX:+UseG1GC -XX:G1HeapRegionSize=16m"
mkdir -p "$here/target/classes"
"$(dirname "$(readlink -f "$(command -v "$java")")")/javac" --release 17 -d "$here/target/classes" -cp "$libraries" \
    "$here"/src/io/unpark/benchmarks/pipeline/*.java
run() {
    main=$1
    shift
    "$java" -Xmx1g $collector ${JFR:+-XX:StartFlightRecording=filename="$JFR",settings=profile} ${OPTIONS:-} \
        -Dorg.slf4j.simpleLogger.defaultLogLevel=error -cp "$here/target/classes:$libraries" "io.unpark.benchmarks.pipeline.$main" "$@"
}
what=${1:-throughput}
[ $# -eq 0 ] || shift
case $what in
    throughput)
        mb=${1:-100} rounds=${2:-3} partitions=${3:-6}
        [ $# -lt 3 ] && set -- || shift 3
        [ $# -gt 0 ] || set -- "$root/infra/demo/recordings"
        run Throughput "$mb" "$rounds" "$partitions" "$@"
        ;;
    latency)
        mb=${1:-1} probes=${2:-30}
        data=$(mktemp -d)
        trap 'kill $up 2>/dev/null; wait $up 2>/dev/null; rm -rf "$data"' EXIT
        "$java" -Xmx1500m $collector -cp "$root/app/target/unpark.jar:$libraries" io.unpark.app.Main up --data "$data" --port 18480 --kafka-port 18482 \
            --registry-port 18481 > "$data/log" 2>&1 &
        up=$!
        until curl -fs http://127.0.0.1:18480/readyz > /dev/null; do sleep 0.2; done
        run Latency http://127.0.0.1:18480 127.0.0.1:18482 http://127.0.0.1:18481 "$mb" "$probes" "$root/infra/demo/recordings"
        ;;
    cost)
        run Fleet cost "${1:-1000}" "${2:-10,100,1000}" "$root/infra/demo/recordings/healthy/gateway.trace.xz"
        ;;
    rate)
        run Fleet rate "${1:-10}" "${2:-1000}" "$root/infra/demo/recordings/healthy/gateway.trace.xz"
        ;;
    *)
        echo "run.sh: there is no benchmark $what" >&2
        exit 2
        ;;
esac
