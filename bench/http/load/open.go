package main

import (
	"fmt"
	"math/rand"
	"sort"
	"time"
)

// latencies of an open-loop run, in milliseconds from the moment a request was due, not from when it was sent: a proxy that
// stalls makes all requests of that time late.
type latencies struct {
	Sent    int     `json:"sent"`
	Errors  int     `json:"errors"`
	Seconds float64 `json:"seconds"`
	P50     float64 `json:"p50"`
	P90     float64 `json:"p90"`
	P99     float64 `json:"p99"`
	P999    float64 `json:"p999"`
	Max     float64 `json:"max"`
}

// open sends requests at random moments (a Poisson process, the same one in each run), each on the connection that has been idle for
// longest; where none is, it waits for one, and that counts.
func open(t *targets, port, connections int, rate float64, duration time.Duration) (latencies, error) {
	all, idle, err := connect(t, port, connections)
	if err != nil {
		return latencies{}, err
	}
	due := schedule(rate, duration)
	took := make([]time.Duration, 0, len(due))
	begin := time.Now().Add(50 * time.Millisecond)
	last := begin
	for sent := 0; len(took) < len(due); {
		for sent < len(due) && len(idle) > 0 && time.Since(begin) >= due[sent] {
			one := idle[0]
			idle = append(idle[:0], idle[1:]...)
			one.due = begin.Add(due[sent])
			sent++
			if err := all.ask(one); err != nil {
				return latencies{}, err
			}
		}
		timeout := time.Second
		if sent < len(due) && len(idle) > 0 {
			timeout = max(0, due[sent]-time.Since(begin))
		}
		events, err := all.set.wait(timeout)
		if err != nil {
			return latencies{}, err
		}
		for _, event := range events {
			one, complete, err := all.handle(event)
			if err != nil {
				return latencies{}, err
			}
			last = time.Now()
			if complete {
				took = append(took, last.Sub(one.due))
				idle = append(idle, one)
			}
		}
		if len(idle) < connections && time.Since(last) > 10*time.Second {
			return latencies{}, fmt.Errorf("no answer for 10 s, %d requests under way", connections-len(idle))
		}
	}
	return summary(took, time.Since(begin)), nil
}

func schedule(rate float64, duration time.Duration) []time.Duration {
	random := rand.New(rand.NewSource(1))
	var due []time.Duration
	for at := 0.0; at < duration.Seconds(); at += random.ExpFloat64() / rate {
		due = append(due, time.Duration(at*float64(time.Second)))
	}
	return due
}

func summary(took []time.Duration, elapsed time.Duration) latencies {
	sort.Slice(took, func(i, j int) bool { return took[i] < took[j] })
	at := func(share float64) float64 {
		return float64(took[min(len(took)-1, int(share*float64(len(took))))].Microseconds()) / 1000
	}
	return latencies{len(took), 0, elapsed.Seconds(), at(0.5), at(0.9), at(0.99), at(0.999), at(1)}
}
