module motif.dev/bench/http/load

go 1.22
