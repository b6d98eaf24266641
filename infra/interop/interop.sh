#!/bin/bash
# What is too large for the build, in one go: Confluent's Python client and a real Apicurio are fetched, then the examples, Confluent's client on
# both registries, and the contract of registries on both run. Needs Maven, a JDK 17, Python 3 with venv, Go, and their registries of packages.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/unpark/interop
cd "$root"

if [ ! -x "$cache/python/bin/python" ]; then
  python3 -m venv "$cache/python"
  "$cache/python/bin/pip" install -q 'confluent-kafka[schemaregistry,avro]'
fi
export UNPARK_PYTHON=$cache/python/bin/python
(cd examples/go && go mod download)

run() { mvn -B -q -am -Dsurefire.failIfNoSpecifiedTests=false -DtrimStackTrace=true "$@" verify; }

echo "== The contract of a registry: ours, and Apicurio 2.6.13"
run -Pregistries -pl embedded -Dtest='EmbeddedRegistryTest,ApicurioRegistryTest'

echo "== The examples, and Confluent's client on our registry"
run -pl app -Dtest='ExamplesTest,PythonInteropTest'

echo "== Confluent's client, and our pipeline, on Apicurio"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
java -Xmx512m -Dquarkus.http.host=127.0.0.1 -Dquarkus.http.port="$port" -jar embedded/target/apicurio/*-runner.jar > embedded/target/apicurio.log 2>&1 &
apicurio=$!
trap 'kill $apicurio' EXIT
registry=http://127.0.0.1:$port/apis/ccompat/v7
timeout 120 sh -c "until curl -fs $registry/subjects > /dev/null; do sleep 0.5; done"
run -pl app -Dtest=PythonInteropTest -Dunpark.test.registry="$registry"
echo "== Registered by our pipeline with Apicurio: $(curl -fs "$registry/subjects")"
