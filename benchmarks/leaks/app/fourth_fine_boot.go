package app

import (
	"bufio"
	"context"
	"database/sql"
	"io"
	"iter"
	"net"
	"os/exec"
	"sync"
	"time"
)

// fourthFineBoot are what a process keeps on purpose: started at boot, or one by one while it warms up.
func fourthFineBoot() []Scenario {
	ms := time.Millisecond
	return []Scenario{
		{Name: "sql_pool_idle", Late: true, Short: true, Setup: sqlPoolIdle, Load: burst("/orders5", 30),
			About: "a database's pool opens connections for a burst and keeps ten of them; every query has a context"},
		{Name: "leader_observers", Late: true, Setup: leaderObservers,
			About: "twelve components start 180 ms apart and wait for a change of leader, which seldom comes: here at 4.8 s"},
		{Name: "device_links", Late: true, Setup: deviceLinks, Upstream: rareFrames,
			About: "a link to each of fourteen devices is dialled 150 ms after the last: a reader, and a writer with a 20 s keep-alive"},
		{Name: "cron_sleepers", Setup: cronSleepers, About: "eight jobs sleep until their hour; each was registered by itself, in 2 s"},
		{Name: "log_pipes", Late: true, Setup: logPipes,
			About: "ten components write their log into a pipe of their own, started one after the other; a reader for each; most say little"},
		{Name: "delay_queue", Late: true, Setup: delayQueue, Load: getEvery("/later", 90*ms),
			About: "six workers of a delayed queue wait on a condition until the next item is due, 700 ms apart"},
		{Name: "merge_iterators", Setup: mergeIterators, Load: getEvery("/merged", 120*ms),
			About: "four pulled iterators are merged for the process's life; handlers pull and stop their own"},
		{Name: "exec_children", Setup: execChildren, Load: firstGets("/spawn", 4),
			About: "four requests each start a child process of 4.5 s and wait for it in a goroutine, with its output in another"},
		{Name: "reconnecting", Setup: reconnecting, Upstream: hangUp, Load: getEvery("/ping", 120*ms),
			About: "five watchers lose their connection every 1.3 s and dial anew, with new goroutines each time"},
		{Name: "barrier_rounds", Setup: barrierRounds, About: "sixteen workers meet at a cyclic barrier on a condition; the slowest takes 1.7 s a round"},
		{Name: "drain_in_flight", Setup: drainInFlight, Load: slowGets("/long4", 9*time.Second, 400*ms),
			About: "at 2.5 s three listeners begin to drain; a waiter each until the requests in flight are done, 5 s"},
		{Name: "staged_consumers", Late: true, Setup: stagedConsumers,
			About: "a consumer for each of ten partitions is started 250 ms after the last, and reads from its queue; two partitions have traffic"},
	}
}

func sqlPoolIdle(e *Env) {
	db := sql.OpenDB(memoryDB{})
	db.SetMaxOpenConns(20)
	db.SetMaxIdleConns(10)
	o := &orders4{db}
	e.OnStop(func() { db.Close() })
	e.Handle("/orders5", func(*httpRequest) string {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		o.export(ctx, false)
		return "exported"
	})
}

func leaderObservers(e *Env) {
	changed := make(chan struct{})
	go func() {
		for i := 0; i < 12 && pause(e.Ctx, 180*time.Millisecond); i++ {
			go func() {
				select {
				case <-changed:
					spin(1)
				case <-e.Ctx.Done():
					return
				}
				<-e.Ctx.Done()
			}()
		}
		if pause(e.Ctx, time.Until(e.Started.Add(4800*time.Millisecond))) {
			close(changed)
		}
	}()
}

func deviceLinks(e *Env) {
	go func() {
		for i := 0; i < 14 && pause(e.Ctx, 150*time.Millisecond); i++ {
			c := e.dial()
			out := make(chan uint32)
			gone := make(chan struct{})
			e.OnStop(func() { c.Close() })
			go func() {
				defer close(gone)
				for {
					if _, err := readFrame(c); err != nil {
						return
					}
				}
			}()
			go func() {
				t := time.NewTicker(20 * time.Second)
				defer t.Stop()
				for {
					select {
					case id := <-out:
						writeFrame(c, id)
					case <-t.C:
						writeFrame(c, 0)
					case <-gone:
						return
					}
				}
			}()
		}
	}()
}

func cronSleepers(e *Env) {
	go func() {
		for i := 0; i < 8 && pause(e.Ctx, 250*time.Millisecond); i++ {
			go func() {
				for pause(e.Ctx, time.Duration(9+i)*time.Second) {
					spin(1)
				}
			}()
		}
	}()
}

func logPipes(e *Env) {
	go func() {
		for i := 0; i < 10 && pause(e.Ctx, 130*time.Millisecond); i++ {
			r, w := io.Pipe()
			e.OnStop(func() { w.Close() })
			go func() {
				lines := bufio.NewScanner(r)
				for lines.Scan() {
					spin(len(lines.Text()) % 3)
				}
			}()
			if i == 3 {
				go func() {
					for pause(e.Ctx, 600*time.Millisecond) {
						io.WriteString(w, "something happened\n")
					}
				}()
			}
		}
	}()
}

func delayQueue(e *Env) {
	var mu sync.Mutex
	due := sync.NewCond(&mu)
	items, stopped := 0, false
	for range 6 {
		go func() {
			mu.Lock()
			defer mu.Unlock()
			for {
				for items == 0 && !stopped {
					due.Wait()
				}
				if stopped {
					return
				}
				items--
				spin(2)
			}
		}()
	}
	e.OnStop(func() {
		mu.Lock()
		defer mu.Unlock()
		stopped = true
		due.Broadcast()
	})
	go func() {
		for pause(e.Ctx, 700*time.Millisecond) {
			mu.Lock()
			items++
			mu.Unlock()
			due.Signal()
		}
	}()
	e.Handle("/later", func(*httpRequest) string { return "later" })
}

func mergeIterators(e *Env) {
	var nexts []func() (int, bool)
	for range 4 {
		next, stop := iter.Pull(pagesOf("merged"))
		e.OnStop(stop)
		nexts = append(nexts, next)
	}
	go func() {
		for i := 0; pause(e.Ctx, 1900*time.Millisecond); i++ {
			nexts[i%4]()
		}
	}()
	e.Handle("/merged", func(*httpRequest) string {
		next, stop := iter.Pull(pagesOf("own"))
		defer stop()
		next()
		return "merged"
	})
}

func execChildren(e *Env) {
	e.Handle("/spawn", func(*httpRequest) string {
		go func() {
			cmd := exec.CommandContext(e.Ctx, "sleep", "4.5")
			out, err := cmd.StdoutPipe()
			if err != nil || cmd.Start() != nil {
				return
			}
			read := make(chan struct{})
			go func() { io.Copy(io.Discard, out); close(read) }()
			<-read
			cmd.Wait()
		}()
		return "spawned"
	})
}

func reconnecting(e *Env) {
	for range 5 {
		go func() {
			for pause(e.Ctx, 20*time.Millisecond) {
				c := e.dial()
				frames := make(chan uint32)
				go func() {
					defer close(frames)
					for {
						id, err := readFrame(c)
						if err != nil {
							return
						}
						frames <- id
					}
				}()
				for range frames {
					spin(1)
				}
				c.Close()
			}
		}()
	}
}

func hangUp(c net.Conn) {
	writeFrame(c, 1)
	time.Sleep(1300 * time.Millisecond)
	c.Close()
}

func barrierRounds(e *Env) {
	var mu sync.Mutex
	met := sync.NewCond(&mu)
	waiting, round := 0, 0
	for i := range 16 {
		go func() {
			for e.Ctx.Err() == nil {
				if i == 5 {
					pause(e.Ctx, 1700*time.Millisecond)
				} else {
					spin(3)
				}
				mu.Lock()
				waiting++
				if own := round; waiting == 16 {
					waiting = 0
					round++
					met.Broadcast()
				} else {
					for own == round && e.Ctx.Err() == nil {
						met.Wait()
					}
				}
				mu.Unlock()
			}
			met.Broadcast()
		}()
	}
	e.OnStop(met.Broadcast)
}

func drainInFlight(e *Env) {
	e.Handle("/long4", func(r *httpRequest) string {
		pause(r.Context(), 5*time.Second)
		return "done"
	})
	go func() {
		if !pause(e.Ctx, 2500*time.Millisecond) {
			return
		}
		for i := range 3 {
			drained := make(chan struct{})
			go func() {
				<-drained
				spin(1)
			}()
			time.AfterFunc(5*time.Second+time.Duration(i)*100*time.Millisecond, func() { close(drained) })
			pause(e.Ctx, 150*time.Millisecond)
		}
	}()
}

func stagedConsumers(e *Env) {
	queues := make([]chan int, 10)
	for i := range queues {
		queues[i] = make(chan int, 4)
	}
	e.OnStop(func() {
		for _, q := range queues {
			close(q)
		}
	})
	go func() {
		for _, q := range queues {
			go func() {
				for n := range q {
					spin(n % 3)
				}
			}()
			if !pause(e.Ctx, 250*time.Millisecond) {
				return
			}
		}
	}()
	go func() {
		for i := 0; pause(e.Ctx, 450*time.Millisecond); i++ {
			select {
			case queues[i%2] <- i:
			default:
			}
		}
	}()
}
