#!/bin/sh
# The benchmark by event mix. Makes the traces it lacks. Arguments go to JMH, e.g. -p mix=all,mutex
#
#   ./run.sh [JMH OPTIONS]
set -eu
cd "$(dirname "$0")"
root=../../..
traces=../traces
[ -f $root/trace/target/unpark-trace-0.1.0-SNAPSHOT.jar ] || (cd $root && mvn -B -q -pl trace -am -DskipTests package)
mkdir -p $traces
(cd ../generate && go build -o ../traces/generate .)
for mix in all pipeline fanout mutex syscalls network tasks switches; do
    [ -f $traces/$mix.trace ] && continue
    work=$mix
    [ $mix != all ] || work=
    $traces/generate -mb 20 -seconds 60 -work "$work" -out $traces/$mix.trace
done
mvn -B -q compile dependency:build-classpath -Dmdep.outputFile=target/classpath
exec "${JAVA:-java}" -cp "target/classes:$(cat target/classpath)" org.openjdk.jmh.Main "$@"
