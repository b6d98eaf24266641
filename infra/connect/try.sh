#!/bin/bash
# Proves jdbc-sink.properties: an all-in-one Unpark, a real Connect worker and PostgreSQL; the demo's recordings become rows, more of them change
# rows, a tombstone deletes one. Needs Maven, a JDK 17, xz and PostgreSQL: UNPARK_TEST_POSTGRES names one (a JDBC address with user and
# password), else initdb and postgres of this machine are run for it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
cache=${XDG_CACHE_HOME:-$HOME/.cache}/unpark/connect
work=$(mktemp -d)
chmod 755 "$work"
started=()
finish() {
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; done
  [ -z "${pg_bin:-}" ] || as_postgres "$pg_bin/pg_ctl" -D "$work/pg/data" -m immediate stop > /dev/null || true
  rm -rf "$work"
}
trap finish EXIT
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u nobody -- "$@"; else "$@"; fi; }

for part in worker jdbc; do
  [ -d "$cache/$part" ] || mvn -B -q -f "$here/pom.xml" -P$part dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$cache/$part"
done
[ -d "$root/app/target/lib" ] || (cd "$root" && mvn -B -q -pl app -am -DskipTests package)
lib=$root/app/target/lib
mkdir -p "$work/plugins/unpark" "$work/plugins/jdbc"
cp "$lib"/unpark-schemas-*.jar "$lib"/avro-*.jar "$lib"/jackson-{core,databind,annotations}-*.jar "$lib"/commons-{codec,compress,io,lang3}-*.jar "$work/plugins/unpark"
cp "$cache"/jdbc/*.jar "$work/plugins/jdbc"
# Of Jackson there must be one only, the worker's: Hibernate looks for its modules everywhere.
rm -f "$work"/plugins/jdbc/jackson-*.jar

if [ -n "${UNPARK_TEST_POSTGRES:-}" ]; then
  url=$UNPARK_TEST_POSTGRES
else
  pg_bin=$(dirname "$(ls /usr/lib/postgresql/*/bin/initdb | tail -1)")
  port=$(free_port)
  mkdir "$work/pg"
  [ "$(id -u)" != 0 ] || chown nobody "$work/pg"
  as_postgres "$pg_bin/initdb" -D "$work/pg/data" -U unpark --auth=trust > /dev/null
  as_postgres "$pg_bin/pg_ctl" -D "$work/pg/data" -w -o "-p $port -k $work/pg -c listen_addresses=127.0.0.1" -l "$work/pg/log" start > /dev/null
  url="jdbc:postgresql://127.0.0.1:$port/postgres?user=unpark&password=unpark"
fi

web=$(free_port) kafka=$(free_port) registry=$(free_port)
java -Xmx1g -cp "$root/app/target/unpark.jar:$lib/*" io.unpark.app.Main up --data "$work/data" --port "$web" --kafka-port "$kafka" --registry-port "$registry" > "$work/up.log" 2>&1 &
started+=($!)
timeout 300 sh -c "until curl -fs http://127.0.0.1:$web/readyz > /dev/null; do sleep 0.5; done"

export UNPARK_BOOTSTRAP=127.0.0.1:$kafka UNPARK_REGISTRY=http://127.0.0.1:$registry
export UNPARK_JDBC_URL=$url UNPARK_JDBC_USER=unpark UNPARK_JDBC_PASSWORD=unpark
sed "s|/tmp/unpark-connect.offsets|$work/offsets|; s|/opt/connect/plugins|$work/plugins|" "$here/worker.properties" > "$work/worker.properties"
java -Xmx512m -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "$cache/worker/*" org.apache.kafka.connect.cli.ConnectStandalone \
  "$work/worker.properties" "$here/jdbc-sink.properties" > "$work/connect.log" 2>&1 &
started+=($!)

push() {
  for service in gateway orders inventory; do
    xz -dc "$root/infra/demo/recordings/$1/$service.trace.xz" |
      curl -fsS --data-binary @- "http://127.0.0.1:$web/ingest/v1/trace?service=$service&instance=$service-$2" > /dev/null
  done
}
proof() { java -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "$lib/*" "$here/Proof.java" "$@" || { grep -v INFO "$work/connect.log" | tail -60 >&2; exit 1; }; }
push leak 1
proof rows 127.0.0.1:$kafka "http://127.0.0.1:$registry" "$url"
push leak 2
push noheader 1
proof rows 127.0.0.1:$kafka "http://127.0.0.1:$registry" "$url"
proof tombstone 127.0.0.1:$kafka "http://127.0.0.1:$registry" "$url"
echo "The sink works: rows are those of the topic, change with it, and go with their tombstones."
