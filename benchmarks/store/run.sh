#!/bin/sh
# Fills a database and measures the queries behind the pages. The database must be empty, and is left full.
#
#   ./run.sh h2 [ANOMALIES [WINDOWS [PROFILES]]]                 in a new folder, which is deleted afterwards
#   ./run.sh jdbc:postgresql:… [ANOMALIES [WINDOWS [PROFILES]]]  user and password in the address
#   FILLED=yes ./run.sh …                                        measures one that was filled before
#   ONLY=map ./run.sh …                                          only queries with that in their name
set -eu
cd "$(dirname "$0")"
root=../..
[ -d $root/sink/target/classes ] || (cd $root && mvn -B -q -pl sink -am -DskipTests package)
mkdir -p target
[ -f target/classpath ] || (cd $root && mvn -B -q -pl sink -am compile dependency:build-classpath -Dmdep.includeScope=runtime \
    -Dmdep.outputFile="$OLDPWD/target/classpath")
database=${1:-h2}
[ $# -eq 0 ] || shift
if [ "$database" = h2 ]; then
    folder=$(mktemp -d)
    trap 'rm -r "$folder"' EXIT
    # Without this setting H2 answers a query that comes again from memory.
    database="jdbc:h2:file:$folder/unpark;OPTIMIZE_REUSE_RESULTS=0"
fi
unpark_java() {
    "${JAVA:-java}" -Xmx1g -cp "target/classes:$root/sink/target/classes:$(cat target/classpath)" -Dorg.slf4j.simpleLogger.defaultLogLevel=warn "$@"
}
mkdir -p target/classes
"${JAVAC:-javac}" -d target/classes -cp "$root/sink/target/classes:$(cat target/classpath)" ./*.java
[ -n "${FILLED:-}" ] || unpark_java StoreFill "$database" "${1:-1000000}" "${2:-10000000}" "${3:-300000}"
unpark_java StoreBenchmark "$database" "${1:-1000000}" "${ONLY:-}"
