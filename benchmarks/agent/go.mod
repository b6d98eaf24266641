module github.com/unpark/unpark/benchmarks/agent

go 1.22
