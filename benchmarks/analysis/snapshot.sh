#!/bin/sh
# Records a server with 100,000 goroutines alive and 1,000 requests open, and prints what its state costs. Needs Go and a built
# project (`./unpark` once).
set -eu
cd "$(dirname "$0")"
mkdir -p work
(cd crowd && go build -o ../work/crowd .)
work/crowd -out work/crowd.trace
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
lib=../../app/target/lib
classes=$(echo $lib/unpark-analysis-*.jar):$(echo $lib/unpark-trace-*.jar):$(echo $lib/slf4j-api-*.jar)
exec "$java" -Xmx1g -XX:+UseSerialGC -cp "$classes" Snapshot.java work/crowd.trace
