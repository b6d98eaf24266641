package app

import (
	"context"
	"sync"
	"time"
)

func cumulativeAcks(e *Env) {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	sent, acked := 0, 0
	inTurn(e, 400*time.Millisecond, func(int) {
		mu.Lock()
		defer mu.Unlock()
		for range 3 {
			sent++
			go func(row int) {
				mu.Lock()
				defer mu.Unlock()
				for acked < row {
					cond.Wait()
				}
				spin(1)
			}(sent)
		}
	})
	ack := func() {
		mu.Lock()
		defer mu.Unlock()
		acked = sent
		cond.Broadcast()
	}
	inTurn(e, 1600*time.Millisecond, func(int) { ack() })
	context.AfterFunc(e.Ctx, func() {
		time.Sleep(50 * time.Millisecond) // what was being sent has been counted
		ack()
	})
}

// config10 is a configuration with a channel that is closed when the next generation is there.
type config10 struct {
	mu      sync.Mutex
	changed chan struct{}
}

func (c *config10) next() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.changed
}

func (c *config10) reload() {
	c.mu.Lock()
	defer c.mu.Unlock()
	close(c.changed)
	c.changed = make(chan struct{})
}

func configGenerations(e *Env) {
	c := &config10{changed: make(chan struct{})}
	go func() {
		for n := range 14 {
			go func() {
				for e.Ctx.Err() == nil {
					<-c.next()
					spin(n)
				}
			}()
			if !pause(e.Ctx, 150*time.Millisecond) {
				break
			}
		}
		if pause(e.Ctx, 1*time.Second) {
			c.reload()
		}
	}()
	e.OnStop(func() {
		time.Sleep(50 * time.Millisecond)
		c.reload()
	})
}
