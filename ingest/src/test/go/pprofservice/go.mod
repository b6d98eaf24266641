module github.com/unpark/unpark/ingest/pprofservice

go 1.22
