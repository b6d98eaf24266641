#!/bin/sh
# Records a server with 100,000 goroutines alive and 1,000 requests open, and prints what its state costs. Needs Go and a built
# project (`./unpark` once).
set -eu
cd "$(dirname "$0")"
mkdir -p made
(cd crowd && go build -o ../made/crowd .)
made/crowd -out made/crowd.trace
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
lib=../../app/target/lib
classes=$(echo $lib/unpark-analysis-*.jar):$(echo $lib/unpark-trace-*.jar):$(echo $lib/slf4j-api-*.jar)
exec "$java" -Xmx1g -XX:+UseSerialGC -cp "$classes" Snapshot.java made/crowd.trace
