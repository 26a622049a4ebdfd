package main

import (
	"bytes"
	"fmt"
)

// targets are what clients ask for, and what they found about each.
type targets struct {
	size     int
	requests [][]byte
	paths    [][]byte
	// Digit of the shard that answered for each; 0: none yet. A second one would break the promise of sharding.
	shards []byte
	random uint64
}

func newTargets(keys, size, upload int) *targets {
	t := &targets{size: size, shards: make([]byte, keys), random: 0x9e3779b97f4a7c15}
	for i := 0; i < keys; i++ {
		path := fmt.Sprintf("/%d/%08d", size, i)
		request := fmt.Sprintf("%s HTTP/1.1\r\nHost: cart.shop\r\nUser-Agent: load\r\nAccept: */*\r\n", path)
		if upload > 0 {
			request = fmt.Sprintf("POST %sContent-Length: %d\r\n\r\n%s", request, upload, bytes.Repeat([]byte("u"), upload))
		} else {
			request = "GET " + request + "\r\n"
		}
		t.paths = append(t.paths, []byte(path))
		t.requests = append(t.requests, []byte(request))
	}
	return t
}

// next draws a target (xorshift64: the same order in each run).
func (t *targets) next() int {
	t.random ^= t.random << 13
	t.random ^= t.random >> 7
	t.random ^= t.random << 17
	return int(t.random % uint64(len(t.requests)))
}

// answer reads one answer as it arrives.
type answer struct {
	target int
	head   []byte
	inBody bool
	at     int
}

func (a *answer) begin(target int) {
	a.target, a.head, a.inBody, a.at = target, a.head[:0], false, 0
}

// received takes bytes of the answer and tells whether it is complete. Anything that is not exactly what the right shard said is an error.
func (a *answer) received(data []byte, t *targets) (bool, error) {
	if !a.inBody {
		a.head = append(a.head, data...)
		end := bytes.Index(a.head, []byte("\r\n\r\n"))
		if end < 0 {
			return false, nil
		}
		path := t.paths[a.target]
		// The beginning of the body says whose it is; it is compared as one piece.
		if len(a.head) < end+4+len(path)+3 {
			return false, nil
		}
		if err := a.checkHead(a.head[:end+2], a.head[end+4:], path, t); err != nil {
			return false, err
		}
		a.inBody = true
		a.at = len(path) + 3
		data = a.head[end+4+a.at:]
	}
	if !isPattern(data, a.at) {
		return false, fmt.Errorf("%s: the body is wrong in the %d bytes behind byte %d", t.paths[a.target], len(data), a.at)
	}
	if a.at += len(data); a.at > t.size {
		return false, fmt.Errorf("%s: %d bytes behind the answer", t.paths[a.target], a.at-t.size)
	}
	return a.at == t.size, nil
}

func (a *answer) checkHead(head, body, path []byte, t *targets) error {
	if !bytes.HasPrefix(head, []byte("HTTP/1.1 200 ")) {
		return fmt.Errorf("%s: expected status 200, got %q %q", path, bytes.TrimSpace(head), body)
	}
	if length := contentLength(head); length != t.size {
		return fmt.Errorf("%s: expected Content-Length %d, got %q", path, t.size, head)
	}
	shard := body[0]
	if body[1] != ' ' || !bytes.Equal(body[2:2+len(path)], path) || body[2+len(path)] != ' ' {
		return fmt.Errorf("%s: got another's body: %q", path, body[:len(path)+3])
	}
	if known := t.shards[a.target]; known != 0 && known != shard {
		return fmt.Errorf("%s: answered by shard %c, before by %c", path, shard, known)
	}
	t.shards[a.target] = shard
	return nil
}

// contentLength finds the header in lines that end in CRLF, in whatever case; -1: there is none.
func contentLength(lines []byte) int {
	const name = "content-length:"
	for len(lines) > 0 {
		end := bytes.IndexByte(lines, '\n')
		if end > len(name) && lines[0]|0x20 == 'c' && bytes.EqualFold(lines[:len(name)], []byte(name)) {
			number := 0
			for _, char := range bytes.TrimSpace(lines[len(name):end]) {
				number = number*10 + int(char-'0')
			}
			return number
		}
		lines = lines[end+1:]
	}
	return -1
}
