package app

import "time"

// sixth has the shapes of libraries that nearly all services use, and programs that are driven from within.
func sixth() []Scenario {
	return append(append(sixthLeakCalls(), sixthLeakParts()...), append(sixthFineCalls(), sixthFineParts()...)...)
}

// drive calls f(0), f(1), ... one a period, each in a goroutine of its own, as callers within the process do.
func drive(e *Env, period time.Duration, f func(i int)) {
	go func() {
		for i := 0; pause(e.Ctx, period); i++ {
			go f(i)
		}
	}()
}

// inTurn calls them one after the other.
func inTurn(e *Env, period time.Duration, f func(i int)) {
	go func() {
		for i := 0; pause(e.Ctx, period); i++ {
			f(i)
		}
	}()
}
