#!/bin/sh
# go vet and all tests under Go's race detector, of every Go module that services link or that runs in a test. Needs a C compiler; takes a few minutes.
set -eu
cd "$(dirname "$0")/../.."
for module in ingest/agent ingest/agent/grpc ingest/agent/otel ingest/agent/kafka infra/demo benchmarks/agent; do
    echo "== $module"
    (cd "$module" && go vet ./... && go test -race ./...)
done
