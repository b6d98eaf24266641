// Command leaks runs one mini service under load, records it, and labels its recording by what stays behind.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"time"

	"example.org/leaks/app"
)

func main() {
	log.SetFlags(0)
	name := flag.String("scenario", "", "scenario to run")
	mode := flag.String("mode", "full", "full, short, long: trace from the start for 6, 3.5, 14 s; late: the last 3 s only; flight: a flight recorder's snapshot of about as much")
	batch := flag.Int("batch", 0, "list only this batch's scenarios")
	out := flag.String("out", ".", "folder that gets traces/ and labels/")
	list := flag.Bool("list", false, "print `scenario mode` lines and leave")
	addr := flag.String("client-of", "", "internal: run the load against this address")
	upstream := flag.String("upstream", "", "internal: address to serve the upstream on")
	several := flag.Bool("captures", false, "record the captures of one process, three_kinds.N.trace, into out")
	capturesOf := flag.String("captures-load", "", "internal: run their load against this address")
	flag.Parse()
	switch {
	case *capturesOf != "":
		capturesLoad(*capturesOf)
		return
	case *several:
		if err := recordCaptures(*out); err != nil {
			log.Fatal(err)
		}
		return
	}
	for _, s := range app.All() {
		switch {
		case *list && *batch != 0 && *batch != s.Batch:
		case *list:
			fmt.Println(s.Name, "full")
			if s.Late {
				fmt.Println(s.Name, "late")
			}
			if s.Late && s.Batch > 1 {
				fmt.Println(s.Name, "flight")
			}
			if s.Short {
				fmt.Println(s.Name, "short")
			}
			if s.Long {
				fmt.Println(s.Name, "long")
			}
		case s.Name != *name:
		case *addr != "":
			load(s, *mode, *addr, *upstream)
			return
		default:
			if err := record(s, *mode, *out); err != nil {
				log.Fatalf("%s %s: %v", s.Name, *mode, err)
			}
			return
		}
	}
	if !*list {
		log.Fatalf("no scenario %q; see -list", *name)
	}
}

// load is the client's process: it lives until its standard input ends, so that its connections do too.
func load(s app.Scenario, mode, addr, upstream string) {
	if s.Upstream != nil {
		ln, err := net.Listen("tcp", upstream)
		if err != nil {
			log.Fatal(err)
		}
		go func() {
			for {
				c, err := ln.Accept()
				if err != nil {
					return
				}
				go s.Upstream(c)
			}
		}()
	}
	ctx, cancel := context.WithTimeout(context.Background(), traceEnd(mode)+700*time.Millisecond)
	defer cancel()
	c := &app.Client{Ctx: ctx, Base: "http://" + addr, Addr: addr, Late: isLate(mode), Started: time.Now(),
		HTTP: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
	if s.Load != nil {
		s.Load(c)
	} else {
		c.Every(60*time.Millisecond, func(int) { c.Get("/ping") })
	}
	io.Copy(io.Discard, os.Stdin)
}
