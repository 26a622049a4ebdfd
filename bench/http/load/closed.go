package main

import (
	"fmt"
	"syscall"
	"time"
)

// Heads are collected before they are looked at; what is read with them should not be much.
const firstRead = 16 << 10

// client is one connection to the proxy, with one request under way at most.
type client struct {
	fd     int
	answer answer
	// What of the request the kernel has not taken.
	out []byte
	// Open loop: when the request was due.
	due      time.Time
	watching bool
}

// clients are all connections, and where they ask.
type clients struct {
	set     *poll
	targets *targets
	byFd    []*client
	buffer  []byte
}

func connect(t *targets, port, connections int) (*clients, []*client, error) {
	set, err := newPoll()
	if err != nil {
		return nil, nil, err
	}
	all := &clients{set, t, make([]*client, 1<<16), make([]byte, 256<<10)}
	var list []*client
	for i := 0; i < connections; i++ {
		fd, err := dial(port)
		if err != nil {
			return nil, nil, err
		}
		one := &client{fd: fd, answer: answer{head: make([]byte, 0, 2*firstRead)}}
		all.byFd[fd] = one
		list = append(list, one)
		if err := set.watch(fd, false, false); err != nil {
			return nil, nil, err
		}
	}
	return all, list, nil
}

func (c *clients) ask(one *client) error {
	target := c.targets.next()
	one.answer.begin(target)
	one.out = c.targets.requests[target]
	return c.send(one)
}

func (c *clients) send(one *client) error {
	for len(one.out) > 0 {
		n, err := write(one.fd, one.out)
		if err == syscall.EAGAIN {
			one.watching = true
			return c.set.watch(one.fd, true, true)
		}
		if err != nil {
			return fmt.Errorf("write: %w", err)
		}
		one.out = one.out[n:]
	}
	if one.watching {
		one.watching = false
		return c.set.watch(one.fd, false, true)
	}
	return nil
}

// handle does what an event asks for and tells whether an answer is complete.
func (c *clients) handle(event syscall.EpollEvent) (*client, bool, error) {
	one := c.byFd[event.Fd]
	if event.Events&syscall.EPOLLOUT != 0 {
		if err := c.send(one); err != nil {
			return one, false, err
		}
	}
	buffer := c.buffer
	if !one.answer.inBody {
		buffer = buffer[:firstRead]
	}
	n, err := read(one.fd, buffer)
	if err == syscall.EAGAIN {
		return one, false, nil
	}
	path := c.targets.paths[one.answer.target]
	if err != nil {
		return one, false, fmt.Errorf("%s: read: %w", path, err)
	}
	if n == 0 {
		return one, false, fmt.Errorf("%s: the proxy closed the connection", path)
	}
	done, err := one.answer.received(buffer[:n], c.targets)
	return one, done, err
}

type throughput struct {
	Done    int     `json:"done"`
	Seconds float64 `json:"seconds"`
}

// closed asks again as soon as an answer is complete, on each connection.
func closed(t *targets, port, connections int, duration time.Duration) (throughput, error) {
	all, list, err := connect(t, port, connections)
	if err != nil {
		return throughput{}, err
	}
	begin := time.Now()
	for _, one := range list {
		if err := all.ask(one); err != nil {
			return throughput{}, err
		}
	}
	done, pending, last := 0, connections, begin
	for pending > 0 {
		events, err := all.set.wait(10 * time.Second)
		if err != nil {
			return throughput{}, err
		}
		if len(events) == 0 && time.Since(last) > 10*time.Second {
			return throughput{}, fmt.Errorf("no answer for 10 s, %d requests under way", pending)
		}
		last = time.Now()
		over := last.Sub(begin) > duration
		for _, event := range events {
			one, complete, err := all.handle(event)
			if err != nil {
				return throughput{}, err
			}
			if !complete {
				continue
			}
			done++
			if over {
				pending--
			} else if err := all.ask(one); err != nil {
				return throughput{}, err
			}
		}
	}
	return throughput{done, time.Since(begin).Seconds()}, nil
}
