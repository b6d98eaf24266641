// Peer reads every event of a trace with Go's own reader, golang.org/x/exp/trace, and prints how many there are.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log"
	"os"

	"golang.org/x/exp/trace"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("peer: ")
	if len(os.Args) != 2 {
		log.Fatal("usage: peer FILE")
	}
	events, err := count(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(events)
}

func count(name string) (int, error) {
	file, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	reader, err := trace.NewReader(bufio.NewReaderSize(file, 1<<20))
	if err != nil {
		return 0, err
	}
	for events := 0; ; events++ {
		if _, err := reader.ReadEvent(); errors.Is(err, io.EOF) {
			return events, nil
		} else if err != nil {
			return events, err
		}
	}
}
