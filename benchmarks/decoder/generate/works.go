package main

import (
	"context"
	"io"
	"iter"
	"net"
	"os"
	"runtime"
	"runtime/trace"
	"strconv"
	"sync"
	"time"
)

func stopped(stop <-chan struct{}) bool {
	select {
	case <-stop:
		return true
	default:
		return false
	}
}

// pipeline hands values through chains of goroutines by channels without buffers.
func pipeline(stop <-chan struct{}) {
	for chain := range 4 {
		in := make(chan int)
		out := in
		for depth := range 24 {
			next := make(chan int)
			go deep(24*chain+depth, func() { relay(out, next) })
			out = next
		}
		go func() {
			for range out {
			}
		}()
		go func() {
			defer close(in)
			for i := 0; !stopped(stop); i++ {
				in <- i
			}
		}()
	}
}

func relay(in <-chan int, out chan<- int) {
	defer close(out)
	for v := range in {
		out <- v + spin(varied(v, 16000))
	}
}

// fanout starts short goroutines and waits for them, as a server does for each request.
func fanout(stop <-chan struct{}) {
	for !stopped(stop) {
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() { spin(varied(i, 24000)) })
		}
		all.Wait()
	}
}

// mutex lets goroutines contend for a lock and wait for a condition.
func mutex(stop <-chan struct{}) {
	var lock sync.Mutex
	turn := sync.NewCond(&lock)
	n := 0
	for i := range 6 {
		go deep(100+i, func() {
			for !stopped(stop) {
				lock.Lock()
				for n%6 != i && !stopped(stop) {
					turn.Wait()
				}
				n++
				spin(varied(n, 12000))
				turn.Broadcast()
				lock.Unlock()
			}
		})
	}
}

// syscalls reads and writes files: short system calls, and pipes of the kernel, which may block.
func syscalls(stop <-chan struct{}) {
	zero, err := os.Open("/dev/zero")
	if err != nil {
		panic(err)
	}
	for depth := range 4 {
		go deep(30*depth, func() {
			buffer := make([]byte, 512)
			for i := 0; !stopped(stop); i++ {
				if _, err := zero.Read(buffer); err != nil {
					panic(err)
				}
				spin(varied(i, 24000))
				if i%50 == 0 {
					runtime.Gosched()
				}
			}
		})
	}
}

// network echoes small messages over loopback.
func network(stop <-chan struct{}) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go io.Copy(conn, conn)
		}
	}()
	for depth := range 8 {
		go deep(20*depth, func() { call(listener.Addr().String(), stop) })
	}
}

func call(address string, stop <-chan struct{}) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	message := make([]byte, 64)
	for !stopped(stop) {
		if _, err := conn.Write(message); err != nil {
			panic(err)
		}
		if _, err := io.ReadFull(conn, message); err != nil {
			panic(err)
		}
	}
}

// timers sleeps and waits with timeouts.
func timers(stop <-chan struct{}) {
	for i := range 200 {
		go deep(i, func() {
			never := make(chan struct{})
			for !stopped(stop) {
				select {
				case <-never:
				case <-time.After(time.Duration(1+i%7) * time.Millisecond):
				}
				spin(varied(i, 8000))
			}
		})
	}
}

// garbage allocates, so that the GC marks, sweeps and makes goroutines assist.
func garbage(stop <-chan struct{}) {
	var kept [256][]*[64]byte
	for i := 0; !stopped(stop); i++ {
		few := make([]*[64]byte, 512)
		for j := range few {
			few[j] = new([64]byte)
		}
		kept[i%len(kept)] = few
		runtime.Gosched()
	}
}

// tasks annotates its work: tasks, regions, logs.
func tasks(stop <-chan struct{}) {
	for i := 0; !stopped(stop); i++ {
		ctx, task := trace.NewTask(context.Background(), "request")
		trace.Log(ctx, "id", strconv.Itoa(i%1000))
		trace.WithRegion(ctx, "parse", func() { spin(varied(i, 24000)) })
		trace.WithRegion(ctx, "answer", func() { spin(varied(i, 8000)) })
		task.End()
		runtime.Gosched()
	}
}

// switches pulls from iterators: coroutines that hand their thread to each other.
func switches(stop <-chan struct{}) {
	for !stopped(stop) {
		next, end := iter.Pull(func(yield func(int) bool) {
			for i := 0; yield(i); i++ {
			}
		})
		for i := range 50 {
			next()
			spin(varied(i, 2000))
		}
		end()
		runtime.Gosched()
	}
}

// parked leaves many goroutines alone, whose status each generation tells.
func parked(stop <-chan struct{}) {
	for range 5000 {
		go func() { <-stop }()
	}
}

// deep calls from some frames further down, so that the trace has as many different stacks as a program of some size.
//
//go:noinline
func deep(frames int, call func()) {
	if frames > 0 {
		deep(frames-1, call)
		return
	}
	call()
}

// varied is some number of steps up to most, most often few.
func varied(n, most int) int {
	x := uint32(n)*2654435761 + 12345
	x ^= x >> 15
	share := int(x % 1000)
	return most * share / 1000 * share / 1000
}

// spin works for so many steps.
//
//go:noinline
func spin(steps int) int {
	sum := 0
	for i := range steps {
		sum += i ^ sum
	}
	return sum
}
