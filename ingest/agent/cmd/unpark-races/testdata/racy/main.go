// Command racy has one data race, prints other things around its report, and exits as the detector does.
package main

import (
	"fmt"
	"os"
)

var counter int

func main() {
	fmt.Fprintln(os.Stderr, "racy: begins")
	done := make(chan struct{})
	go func() {
		counter++
		close(done)
	}()
	counter++
	<-done
	fmt.Fprintln(os.Stderr, "racy: ends")
}
