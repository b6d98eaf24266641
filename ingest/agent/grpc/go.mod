module github.com/unpark/unpark/ingest/agent/grpc

go 1.26.0

require (
	github.com/unpark/unpark/ingest/agent v0.0.0
	google.golang.org/grpc v1.85.0
)

replace github.com/unpark/unpark/ingest/agent => ..
