package main

import (
	"bytes"
	"fmt"
	"strconv"
	"syscall"
	"time"
)

// backendConn is a proxy's connection to a backend.
type backendConn struct {
	fd    int
	shard byte
	// The beginning of a request whose rest has not arrived.
	head []byte
	// Bytes of the request's body that are to come, and its target meanwhile.
	upload int
	target []byte
	// What is left of the answer: bytes of its head and the beginning of its body, then the pattern from `at` to `end`.
	out      []byte
	at, end  int
	watching bool
	// Where `out` lies.
	memory []byte
}

// serve answers `GET /<bytes>/<key>` on each port with a body of that many bytes; `/hang/…` never.
func serve(ports []int) error {
	set, err := newPoll()
	if err != nil {
		return err
	}
	listeners := map[int]byte{}
	for i, port := range ports {
		fd, err := listen(port)
		if err != nil {
			return err
		}
		listeners[fd] = '0' + byte(i)
		if err := set.watch(fd, false, false); err != nil {
			return err
		}
	}
	conns := make([]*backendConn, 1<<16)
	buffer := make([]byte, 256<<10)
	for {
		events, err := set.wait(-1)
		if err != nil {
			return err
		}
		for _, event := range events {
			fd := int(event.Fd)
			if shard, isListener := listeners[fd]; isListener {
				err = accept(set, fd, shard, conns)
			} else if err = conns[fd].ready(set, event.Events, buffer); err != nil {
				// The proxy closed, or sent what no proxy should: either way the connection is over.
				syscall.Close(fd)
				conns[fd], err = nil, nil
			}
			if err != nil {
				return err
			}
		}
	}
}

func accept(set *poll, listener int, shard byte, conns []*backendConn) error {
	for {
		fd, _, err := syscall.Accept4(listener, syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC)
		if err == syscall.EAGAIN || err == syscall.ECONNABORTED {
			return nil
		}
		if err != nil {
			return fmt.Errorf("accept: %w", err)
		}
		syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1)
		conns[fd] = &backendConn{fd: fd, shard: shard, head: make([]byte, 0, 8192), memory: make([]byte, 0, 8192)}
		if err := set.watch(fd, false, false); err != nil {
			return err
		}
	}
}

func (c *backendConn) ready(set *poll, events uint32, buffer []byte) error {
	if events&^syscall.EPOLLOUT != 0 {
		n, err := read(c.fd, buffer)
		if err != nil && err != syscall.EAGAIN {
			return err
		}
		if err == nil {
			if n == 0 {
				return fmt.Errorf("closed")
			}
			if err := c.received(buffer[:n]); err != nil {
				return err
			}
		}
	}
	return c.send(set)
}

func (c *backendConn) received(data []byte) error {
	if c.upload > 0 {
		if len(data) > c.upload {
			return fmt.Errorf("bytes behind a request that was not answered")
		}
		if c.upload -= len(data); c.upload == 0 {
			return c.answer(c.target)
		}
		return nil
	}
	c.head = append(c.head, data...)
	end := bytes.Index(c.head, []byte("\r\n\r\n"))
	if end < 0 {
		return nil
	}
	from := bytes.IndexByte(c.head, ' ') + 1
	to := from + bytes.IndexByte(c.head[from:], ' ')
	length := contentLength(c.head[:end+2])
	rest := len(c.head) - end - 4
	if to < from || rest > max(length, 0) {
		return fmt.Errorf("not one request")
	}
	target := c.head[from:to]
	c.head = c.head[:0]
	if c.upload = max(length, 0) - rest; c.upload > 0 {
		c.target = append(c.target[:0], target...)
		return nil
	}
	return c.answer(target)
}

func (c *backendConn) answer(target []byte) error {
	if bytes.HasPrefix(target, []byte("/hang/")) {
		return nil
	}
	digits, _, _ := bytes.Cut(target[1:], []byte("/"))
	size, err := strconv.Atoi(string(digits))
	if err != nil || size < len(target)+3 {
		return fmt.Errorf("no size in %q", target)
	}
	// What nginx would say of itself.
	c.out = append(c.memory[:0], "HTTP/1.1 200 OK\r\nServer: backend\r\nDate: "...)
	c.out = append(c.out, date()...)
	c.out = append(c.out, "\r\nContent-Type: text/plain\r\nContent-Length: "...)
	c.out = strconv.AppendInt(c.out, int64(size), 10)
	c.out = append(c.out, "\r\nConnection: keep-alive\r\n\r\n"...)
	c.out = append(append(append(c.out, c.shard, ' '), target...), ' ')
	c.at, c.end = len(target)+3, size
	if size < 4096 {
		c.out = append(c.out, fill(c.at, size-c.at)...)
		c.at = size
	}
	return nil
}

func (c *backendConn) send(set *poll) error {
	for len(c.out) > 0 || c.at < c.end {
		piece := c.out
		if len(piece) == 0 {
			piece = fill(c.at, c.end-c.at)
		}
		n, err := write(c.fd, piece)
		if err == syscall.EAGAIN {
			if c.watching {
				return nil
			}
			c.watching = true
			return set.watch(c.fd, true, true)
		}
		if err != nil {
			return err
		}
		if len(c.out) > 0 {
			c.out = c.out[n:]
		} else {
			c.at += n
		}
	}
	if c.watching {
		c.watching = false
		return set.watch(c.fd, false, true)
	}
	return nil
}

var dateText []byte
var dateSecond int64

func date() []byte {
	if now := time.Now(); now.Unix() != dateSecond {
		dateSecond = now.Unix()
		dateText = []byte(now.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT"))
	}
	return dateText
}
