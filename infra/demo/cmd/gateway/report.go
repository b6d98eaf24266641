package main

import (
	"fmt"
	"net/http"

	"github.com/unpark/unpark/infra/demo/internal/fault"
)

const (
	reportRows    = 30_000
	ledgerRows    = 500_000 // what the service holds all the time, for the collector to go through
	frugalPercent = 15      // GOGC of a service whose container was given too little memory
)

// row is a linked record of several small objects.
type row struct {
	name  *string
	cents []int64
	next  *row
}

func (s *server) report(w http.ResponseWriter, r *http.Request) {
	if s.faults[fault.Alloc] {
		fmt.Fprintf(w, `{"cents":%d}`, sum(buildRows(reportRows))+sum(s.ledger[:10]))
		return
	}
	total := int64(0)
	for i := range int64(1000) {
		total += i
	}
	fmt.Fprintf(w, `{"cents":%d}`, total)
}

// buildRows makes an object of everything.
func buildRows(count int) []*row {
	rows := make([]*row, count)
	var last *row
	for i := range rows {
		last = &row{name: new(string), cents: make([]int64, 6), next: last} // planted: alloc site
		rows[i] = last
	}
	return rows
}

func sum(rows []*row) (cents int64) {
	for _, r := range rows {
		cents += r.cents[0] + int64(len(*r.name))
	}
	return cents
}
