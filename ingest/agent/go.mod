module github.com/unpark/unpark/ingest/agent

go 1.22
