module github.com/unpark/unpark/infra/demo

go 1.23

require github.com/unpark/unpark/ingest/agent v0.0.0

replace github.com/unpark/unpark/ingest/agent => ../../ingest/agent
