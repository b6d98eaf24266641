#!/bin/sh
# Scrapes a service that knows nothing of Unpark: nats-server, as the Go module proxy has it. Builds it (Go and the network are
# needed once), starts it with its profiling port and some load, lets `unpark up` scrape it SCRAPES times, and prints what came
# of it. docs/scraping.md shows the output.
#   infra/scraping/nats.sh [SCRAPES]
set -eu

VERSION=v2.15.2
SCRAPES=${1:-2}
NATS_PORT=${NATS_PORT:-14222}
PROFILE_PORT=${PROFILE_PORT:-16060}
UNPARK_PORT=${UNPARK_PORT:-18080}

home=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
unpark=${UNPARK:-$home/unpark}
work=$(mktemp -d)
pids=
stop() {
    for pid in $pids; do kill "$pid" 2>/dev/null || true; done
    for pid in $pids; do wait "$pid" 2>/dev/null || true; done
    rm -rf "$work"
}
trap stop EXIT
trap 'exit 1' INT TERM

nats=${NATS_SERVER:-}
if [ -z "$nats" ]; then
    GOBIN=$work go install "github.com/nats-io/nats-server/v2@$VERSION"
    nats=$work/nats-server
fi
"$nats" --addr 127.0.0.1 --port "$NATS_PORT" --profile "$PROFILE_PORT" > "$work/nats.log" 2>&1 &
pids="$pids $!"

cat > "$work/unpark.yaml" <<YAML
collector:
  scrape_configs:
    - job_name: messaging
      scrape_interval: 10s
      endpoints:
        trace: {seconds: 3}
      file_sd_configs:
        - files: ['targets/*.json']
YAML
mkdir "$work/targets"
cat > "$work/targets/nats.json" <<JSON
[{"targets": ["127.0.0.1:$PROFILE_PORT"], "labels": {"service": "nats", "instance": "nats-1", "version": "$VERSION"}}]
JSON

"$unpark" up --data "$work/data" --port "$UNPARK_PORT" --config "$work/unpark.yaml" --archive "$work/archive" \
    > "$work/up.log" 2>&1 &
pids="$pids $!"
api=http://localhost:$UNPARK_PORT
tries=0
until curl -fs "$api/readyz" > /dev/null; do
    tries=$((tries + 1))
    if [ "$tries" -gt 600 ] || ! kill -0 "$!" 2>/dev/null; then
        cat "$work/up.log" >&2
        exit 1
    fi
    sleep 0.5
done
python3 "$home/infra/scraping/load.py" "$NATS_PORT" &
pids="$pids $!"

tries=0
until [ "$(curl -fs "$api/metrics" | awk '/^unpark_scrape_good_total/ { print int($2) }')" -ge "$SCRAPES" ] 2>/dev/null; do
    tries=$((tries + 1))
    if [ "$tries" -gt 240 ]; then
        echo "no $SCRAPES scrapes in two minutes" >&2
        curl -s "$api/api/v1/status" >&2
        exit 1
    fi
    sleep 0.5
done
tries=0
until [ "$(curl -fs "$api/api/v1/services/nats/windows" | jq '.items | length')" -ge "$SCRAPES" ] 2>/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -le 120 ] || break
    sleep 0.5
done

echo '$ curl -s localhost:8080/api/v1/status | jq .scrape'
curl -s "$api/api/v1/status" | jq .scrape
echo '$ curl -s localhost:8080/api/v1/services | jq -c .items[]'
curl -s "$api/api/v1/services" | jq -c '.items[]'
echo '$ curl -s localhost:8080/api/v1/anomalies | jq -c .items[]'
curl -s "$api/api/v1/anomalies" | jq -c '.items[]'
trace=$(find "$work/archive" -name '*.trace' | head -1)
echo '$ unpark events --format count archive/…/nats-1….trace'
"$unpark" events --format count "$trace" | head -20
echo '$ unpark analyze --all --format jsonl archive/'
"$unpark" analyze --all --format jsonl "$work/archive" 2> /dev/null || true
