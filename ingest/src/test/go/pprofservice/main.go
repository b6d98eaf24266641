// A service that knows nothing of Unpark: net/http/pprof, and a goroutine that is left behind by each request.
package main

import (
	"fmt"
	"net"
	"net/http"
	_ "net/http/pprof"
	"time"
)

func main() {
	http.HandleFunc("/work", func(w http.ResponseWriter, r *http.Request) {
		result := make(chan int)
		go func() { result <- 1 }()
		time.Sleep(time.Millisecond)
		fmt.Fprintln(w, "done")
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go func() {
		for range time.Tick(5 * time.Millisecond) {
			if response, err := http.Get("http://" + listener.Addr().String() + "/work"); err == nil {
				response.Body.Close()
			}
		}
	}()
	fmt.Println(listener.Addr())
	panic(http.Serve(listener, nil))
}
