package main

import (
	"bytes"
	"fmt"
	"syscall"
	"time"
)

type aborted struct {
	Waiting   int `json:"waiting"`
	Answering int `json:"answering"`
}

// abort lets clients go by a reset: every second one while it waits for an answer that never comes, the others in the middle of one of a
// gigabyte. All are connected at the same time before the first goes.
func abort(port, count int) (aborted, error) {
	var result aborted
	fds := make([]int, count)
	for i := range fds {
		fd, err := dial(port)
		if err != nil {
			return result, err
		}
		fds[i] = fd
		target := fmt.Sprintf("/1000000000/%08d", i)
		if i%2 == 0 {
			target = fmt.Sprintf("/hang/%08d", i)
			result.Waiting++
		} else {
			result.Answering++
		}
		if _, err := write(fd, []byte("GET "+target+" HTTP/1.1\r\nHost: cart.shop\r\n\r\n")); err != nil {
			return result, err
		}
	}
	buffer := make([]byte, 64<<10)
	for i, fd := range fds {
		if i%2 == 1 {
			if err := readSome(fd, buffer); err != nil {
				return result, fmt.Errorf("client %d: %w", i, err)
			}
		}
	}
	// Those whose answer never comes have reached a backend by now.
	time.Sleep(200 * time.Millisecond)
	for _, fd := range fds {
		syscall.SetsockoptLinger(fd, syscall.SOL_SOCKET, syscall.SO_LINGER, &syscall.Linger{Onoff: 1})
		syscall.Close(fd)
	}
	return result, nil
}

// readSome waits for the beginning of a good answer.
func readSome(fd int, buffer []byte) error {
	syscall.SetNonblock(fd, false)
	limit := syscall.NsecToTimeval(int64(10 * time.Second))
	syscall.SetsockoptTimeval(fd, syscall.SOL_SOCKET, syscall.SO_RCVTIMEO, &limit)
	n, err := read(fd, buffer)
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(buffer[:n], []byte("HTTP/1.1 200 ")) {
		return fmt.Errorf("got %q", buffer[:min(n, 300)])
	}
	return nil
}
