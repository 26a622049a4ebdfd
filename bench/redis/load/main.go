// Command load drives a Redis proxy where redis-benchmark cannot: it sends at a fixed rate whether or not answers come
// back (open loop), fills keys with checked values, loops over one big value, and pipelines without ever reading.
// The result is one line of JSON on standard output.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"time"
)

func main() {
	address := flag.String("address", "127.0.0.1:6379", "host:port of the proxy")
	mode := flag.String("mode", "open", "open, fill, set, get, loop or stuck")
	connections := flag.Int("connections", 50, "open: client connections")
	rate := flag.Float64("rate", 1000, "open: requests a second over all connections")
	duration := flag.Duration("duration", 5*time.Second, "open, loop, stuck: how long")
	keys := flag.Int("keys", 100000, "open, fill: number of keys, key:000000000000 and on")
	size := flag.Int("size", 100, "fill, set, open: bytes of a value")
	key := flag.String("key", "", "set, get, loop, stuck: the key")
	count := flag.Int("count", 20, "stuck: requests in the pipeline")
	flag.Parse()

	var result any
	var err error
	switch *mode {
	case "open":
		result, err = open(*address, *connections, *rate, *duration, *keys, *size)
	case "fill":
		result, err = fill(*address, *keys, *size)
	case "set":
		result, err = set(*address, *key, *size)
	case "get":
		result, err = loop(*address, *key, 0)
	case "loop":
		result, err = loop(*address, *key, *duration)
	case "stuck":
		result, err = stuck(*address, *key, *count, *duration)
	default:
		err = fmt.Errorf("mode: found %q, allowed are open, fill, set, get, loop and stuck", *mode)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
	json.NewEncoder(os.Stdout).Encode(result)
}
