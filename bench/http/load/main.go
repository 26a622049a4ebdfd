// Command load is both ends of the HTTP benchmark: clients that check every byte of every answer, and the backends that give
// them. One thread and one epoll set each, because both share the core that the proxy under test does not have: a load that costs as
// much as the proxy would be what is measured. The result is one line of JSON on standard output.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

func main() {
	mode := flag.String("mode", "closed", "serve, closed, open or abort")
	port := flag.Int("port", 8080, "closed, open, abort: the proxy's port on 127.0.0.1")
	ports := flag.String("ports", "", "serve: ports of the backends on 127.0.0.1, separated by commas")
	connections := flag.Int("connections", 32, "closed, open: connections; abort: clients, one after the other")
	size := flag.Int("size", 100, "closed, open: bytes of an answer's body")
	upload := flag.Int("upload", 0, "closed, open: bytes of a request's body; 0 sends GET")
	keys := flag.Int("keys", 10000, "closed, open: different targets")
	rate := flag.Float64("rate", 1000, "open: requests a second over all connections")
	duration := flag.Duration("duration", 5*time.Second, "closed, open: how long")
	flag.Parse()

	runtime.LockOSThread()
	debug.SetGCPercent(-1)
	var result any
	var err error
	switch *mode {
	case "serve":
		err = serve(numbers(*ports))
	case "closed":
		result, err = closed(newTargets(*keys, *size, *upload), *port, *connections, *duration)
	case "open":
		result, err = open(newTargets(*keys, *size, *upload), *port, *connections, *rate, *duration)
	case "abort":
		result, err = abort(*port, *connections)
	default:
		err = fmt.Errorf("mode: found %q, allowed are serve, closed, open and abort", *mode)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
	json.NewEncoder(os.Stdout).Encode(result)
}

func numbers(list string) []int {
	var all []int
	for _, text := range strings.Split(list, ",") {
		if number, err := strconv.Atoi(text); err == nil {
			all = append(all, number)
		}
	}
	return all
}
