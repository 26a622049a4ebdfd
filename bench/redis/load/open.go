package main

import (
	"bufio"
	"fmt"
	"math/rand"
	"net"
	"sort"
	"sync"
	"time"
)

// latencies of an open-loop run, in milliseconds from the moment a request was due, not from when it was sent: a proxy that
// stalls makes all requests of that time late. Error replies count as answers, and are counted apart.
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

// open sends GETs of random keys over all connections at a total rate. Each connection has its own even schedule, shifted
// against the others. Every answer must be a value of `size` bytes.
func open(address string, connections int, rate float64, duration time.Duration, keys, size int) (latencies, error) {
	perConnection := int(rate * duration.Seconds() / float64(connections))
	interval := time.Duration(float64(connections) / rate * float64(time.Second))
	all := make([][]time.Duration, connections)
	failed := make([]error, connections)
	errors := make([]int, connections)
	conns := make([]net.Conn, connections)
	for i := range conns {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			return latencies{}, err
		}
		defer conn.Close()
		conns[i] = conn
	}
	begin := time.Now().Add(100 * time.Millisecond)
	var group sync.WaitGroup
	for i, conn := range conns {
		group.Add(1)
		start := begin.Add(interval * time.Duration(i) / time.Duration(connections))
		go func() {
			defer group.Done()
			all[i], errors[i], failed[i] = drive(conn, start, interval, perConnection, keys, size, int64(i))
		}()
	}
	group.Wait()
	for _, err := range failed {
		if err != nil {
			return latencies{}, err
		}
	}
	result := summary(all, time.Since(begin))
	for _, count := range errors {
		result.Errors += count
	}
	return result, nil
}

func drive(conn net.Conn, start time.Time, interval time.Duration, requests, keys, size int, seed int64) ([]time.Duration, int, error) {
	conn.SetDeadline(start.Add(interval*time.Duration(requests) + 30*time.Second))
	took := make([]time.Duration, 0, requests)
	errors := 0
	done := make(chan error, 1)
	go func() {
		reader := bufio.NewReaderSize(conn, 16<<10)
		for i := 0; i < requests; i++ {
			if first, _ := reader.Peek(1); len(first) == 1 && first[0] == '-' {
				if _, err := reader.ReadSlice('\n'); err != nil {
					done <- err
					return
				}
				errors++
			} else if err := readValue(reader, size); err != nil {
				done <- fmt.Errorf("answer %d: %w", i, err)
				return
			}
			took = append(took, time.Since(start.Add(interval*time.Duration(i))))
		}
		done <- nil
	}()
	random := rand.New(rand.NewSource(seed))
	buffer := make([]byte, 0, 4096)
	for sent := 0; sent < requests; {
		if wait := time.Until(start.Add(interval * time.Duration(sent))); wait > 0 {
			time.Sleep(wait)
		}
		// All that is due by now goes out in one write, as it would from a client that was held up.
		buffer = buffer[:0]
		for sent < requests && len(buffer) < 3900 && !start.Add(interval*time.Duration(sent)).After(time.Now()) {
			buffer = appendGet(buffer, keyName(random.Intn(keys)))
			sent++
		}
		if _, err := conn.Write(buffer); err != nil {
			return nil, 0, err
		}
	}
	err := <-done
	return took, errors, err
}

func summary(all [][]time.Duration, elapsed time.Duration) latencies {
	var flat []time.Duration
	for _, one := range all {
		flat = append(flat, one...)
	}
	sort.Slice(flat, func(i, j int) bool { return flat[i] < flat[j] })
	at := func(share float64) float64 {
		if len(flat) == 0 {
			return 0
		}
		return float64(flat[min(len(flat)-1, int(share*float64(len(flat))))].Microseconds()) / 1000
	}
	return latencies{len(flat), 0, elapsed.Seconds(), at(0.5), at(0.9), at(0.99), at(0.999), at(1)}
}
