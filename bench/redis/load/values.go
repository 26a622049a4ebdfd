package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

func keyName(number int) string { return fmt.Sprintf("key:%012d", number) }

func appendGet(buffer []byte, key string) []byte {
	return appendBulk(appendBulk(append(buffer, "*2\r\n"...), "GET"), key)
}

func appendBulk(buffer []byte, value string) []byte {
	buffer = append(buffer, '$')
	buffer = strconv.AppendInt(buffer, int64(len(value)), 10)
	buffer = append(buffer, "\r\n"...)
	buffer = append(buffer, value...)
	return append(buffer, "\r\n"...)
}

// header reads the line of a bulk reply and returns the length it announces.
func header(reader *bufio.Reader) (int, error) {
	line, err := reader.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if len(line) < 4 || line[0] != '$' {
		return 0, fmt.Errorf("expected a bulk reply, got %q", bytes.TrimSpace(line))
	}
	return strconv.Atoi(string(line[1 : len(line)-2]))
}

func readValue(reader *bufio.Reader, size int) error {
	length, err := header(reader)
	if err != nil {
		return err
	}
	if length != size {
		return fmt.Errorf("expected a value of %d bytes, got %d", size, length)
	}
	_, err = reader.Discard(length + 2)
	return err
}

type count struct {
	Done    int     `json:"done"`
	Bytes   int     `json:"bytes"`
	Seconds float64 `json:"seconds"`
}

// fill sets all keys to values of `size` bytes, in pipelines of 100.
func fill(address string, keys, size int) (count, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return count{}, err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(2 * time.Minute))
	reader := bufio.NewReader(conn)
	begin := time.Now()
	value := string(bytes.Repeat([]byte("x"), size))
	for first := 0; first < keys; first += 100 {
		var buffer []byte
		last := min(first+100, keys)
		for i := first; i < last; i++ {
			buffer = appendBulk(appendBulk(appendBulk(append(buffer, "*3\r\n"...), "SET"), keyName(i)), value)
		}
		if _, err := conn.Write(buffer); err != nil {
			return count{}, err
		}
		for i := first; i < last; i++ {
			if err := expectOK(reader); err != nil {
				return count{}, err
			}
		}
	}
	return count{keys, keys * size, time.Since(begin).Seconds()}, nil
}

func expectOK(reader *bufio.Reader) error {
	line, err := reader.ReadSlice('\n')
	if err == nil && string(line) != "+OK\r\n" {
		err = fmt.Errorf("expected OK, got %q", bytes.TrimSpace(line))
	}
	return err
}

// set writes one value of `size` bytes.
func set(address, key string, size int) (count, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return count{}, err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(time.Minute))
	begin := time.Now()
	request := appendBulk(appendBulk(appendBulk([]byte("*3\r\n"), "SET"), key), string(bytes.Repeat([]byte("y"), size)))
	if _, err := conn.Write(request); err != nil {
		return count{}, err
	}
	return count{1, size, time.Since(begin).Seconds()}, expectOK(bufio.NewReader(conn))
}

// loop reads one value again and again for that long, but at least once.
func loop(address, key string, duration time.Duration) (count, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return count{}, err
	}
	defer conn.Close()
	reader := bufio.NewReaderSize(conn, 256<<10)
	begin := time.Now()
	result := count{}
	for result.Done == 0 || time.Since(begin) < duration {
		conn.SetDeadline(time.Now().Add(time.Minute))
		if _, err := conn.Write(appendGet(nil, key)); err != nil {
			return result, err
		}
		length, err := header(reader)
		if err != nil {
			return result, err
		}
		if length < 0 {
			return result, fmt.Errorf("%s does not exist", key)
		}
		if _, err := io.CopyN(io.Discard, reader, int64(length)+2); err != nil {
			return result, err
		}
		result.Done++
		result.Bytes += length
	}
	result.Seconds = time.Since(begin).Seconds()
	return result, nil
}

// stuck pipelines `requests` GETs of one value and never reads. A proxy may close such a client; that is no failure.
func stuck(address, key string, requests int, duration time.Duration) (count, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return count{}, err
	}
	defer conn.Close()
	var buffer []byte
	for i := 0; i < requests; i++ {
		buffer = appendGet(buffer, key)
	}
	if _, err := conn.Write(buffer); err != nil {
		return count{}, err
	}
	time.Sleep(duration)
	return count{requests, 0, duration.Seconds()}, nil
}
