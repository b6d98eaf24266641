module example.org/deadlines

go 1.25

require github.com/unpark/unpark/ingest/agent v0.0.0

replace github.com/unpark/unpark/ingest/agent => ../../ingest/agent
