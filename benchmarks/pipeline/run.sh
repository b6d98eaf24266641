#!/bin/sh
# Measures the pipeline on a broker of its own. Needs a built project (mvn -DskipTests package); what it makes goes at its end.
#
#   ./run.sh throughput [MB [ROUNDS [PARTITIONS [RECORDINGS...]]]]
#
# JAVA names another java, JFR a file for a flight recording, OPTIONS more options of the JVM.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
[ -d "$root/app/target/lib" ] || (cd "$root" && mvn -B -q -pl app -am -DskipTests package)
java=${JAVA:-java}
libraries="$root/app/target/lib/*"
mkdir -p "$here/target/classes"
"$(dirname "$(readlink -f "$(command -v "$java")")")/javac" --release 17 -d "$here/target/classes" -cp "$libraries" \
    "$here"/src/io/unpark/benchmarks/pipeline/*.java
run() {
    main=$1
    shift
    "$java" -Xmx1g -XX:+UseG1GC ${JFR:+-XX:StartFlightRecording=filename="$JFR",settings=profile} ${OPTIONS:-} \
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
    *)
        echo "run.sh: there is no benchmark $what" >&2
        exit 2
        ;;
esac
