#!/bin/sh
# Fills a database and measures the queries behind the pages. The database must be empty, and is left full.
#
#   ./run.sh h2 [ANOMALIES [WINDOWS]]                 in a new folder, which is deleted afterwards
#   ./run.sh jdbc:postgresql:… [ANOMALIES [WINDOWS]]  user and password in the address
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
"${JAVA:-java}" -Xmx1g -cp "$root/sink/target/classes:$(cat target/classpath)" -Dorg.slf4j.simpleLogger.defaultLogLevel=warn StoreBenchmark.java "$database" "$@"
