module unpark/benchmarks/analysis/crowd

go 1.24
