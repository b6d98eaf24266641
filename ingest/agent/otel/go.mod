module github.com/unpark/unpark/ingest/agent/otel

go 1.26.0

require (
	github.com/unpark/unpark/ingest/agent v0.0.0
	go.opentelemetry.io/otel v1.47.0
	go.opentelemetry.io/otel/sdk v1.47.0
	go.opentelemetry.io/otel/trace v1.47.0
)

replace github.com/unpark/unpark/ingest/agent => ..
