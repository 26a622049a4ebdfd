package main

import "bytes"

// A body is `<shard> <target> ` and then the pattern from its place on, so that a piece that is missing, doubled or another
// answer's is noticed. The period is a prime: no buffer's size is a multiple of it.
const period = 251

// pattern holds enough periods for one write or one comparison.
var pattern = func() []byte {
	text := make([]byte, 256<<10)
	for i := range text {
		text[i] = 'a' + byte(i%period%26)
	}
	return text
}()

// fill is the pattern from byte `at` of a body on, at most `length` bytes of it.
func fill(at, length int) []byte {
	begin := at % period
	return pattern[begin:min(begin+length, len(pattern))]
}

// isPattern tells whether `body` is the pattern from `at` on.
func isPattern(body []byte, at int) bool {
	for len(body) > 0 {
		want := fill(at, len(body))
		if !bytes.Equal(body[:len(want)], want) {
			return false
		}
		body, at = body[len(want):], at+len(want)
	}
	return true
}
