package main

import (
	"fmt"
	"syscall"
	"time"
	"unsafe"
)

// Raw system calls: the scheduler of Go need not know, since nothing but this one thread has work.

func read(fd int, buffer []byte) (int, error) {
	for {
		n, _, errno := syscall.RawSyscall(syscall.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(&buffer[0])), uintptr(len(buffer)))
		if errno == 0 {
			return int(n), nil
		}
		if errno != syscall.EINTR {
			return 0, errno
		}
	}
}

func write(fd int, buffer []byte) (int, error) {
	n, _, errno := syscall.RawSyscall6(syscall.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(&buffer[0])), uintptr(len(buffer)),
		syscall.MSG_NOSIGNAL, 0, 0)
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}

// poll is an epoll set; what it is asked to watch is watched for reading, edge by level.
type poll struct {
	fd     int
	events [256]syscall.EpollEvent
}

func newPoll() (*poll, error) {
	fd, err := syscall.EpollCreate1(0)
	return &poll{fd: fd}, err
}

func (p *poll) watch(fd int, writable bool, known bool) error {
	event := syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(fd)}
	if writable {
		event.Events |= syscall.EPOLLOUT
	}
	operation := syscall.EPOLL_CTL_ADD
	if known {
		operation = syscall.EPOLL_CTL_MOD
	}
	return syscall.EpollCtl(p.fd, operation, fd, &event)
}

// SYS_EPOLL_PWAIT2 (Linux 5.11) has the same number everywhere. Unlike epoll_wait its time-out is finer than a millisecond.
const sysEpollPwait2 = 441

// wait waits for at most `timeout` (negative: for ever).
func (p *poll) wait(timeout time.Duration) ([]syscall.EpollEvent, error) {
	var limit *syscall.Timespec
	if timeout >= 0 {
		spec := syscall.NsecToTimespec(int64(timeout))
		limit = &spec
	}
	n, _, errno := syscall.Syscall6(sysEpollPwait2, uintptr(p.fd), uintptr(unsafe.Pointer(&p.events[0])), uintptr(len(p.events)),
		uintptr(unsafe.Pointer(limit)), 0, 0)
	if errno == syscall.EINTR {
		return nil, nil
	}
	if errno != 0 {
		return nil, fmt.Errorf("epoll_pwait2: %w", errno)
	}
	return p.events[:n], nil
}

func dial(port int) (int, error) {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, err
	}
	if err := syscall.Connect(fd, loopback(port)); err != nil {
		return 0, fmt.Errorf("connect to 127.0.0.1:%d: %w", port, err)
	}
	syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1)
	return fd, syscall.SetNonblock(fd, true)
}

func listen(port int) (int, error) {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC|syscall.SOCK_NONBLOCK, 0)
	if err != nil {
		return 0, err
	}
	syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1)
	if err := syscall.Bind(fd, loopback(port)); err != nil {
		return 0, fmt.Errorf("bind 127.0.0.1:%d: %w", port, err)
	}
	return fd, syscall.Listen(fd, 1024)
}

func loopback(port int) *syscall.SockaddrInet4 {
	return &syscall.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}
}
