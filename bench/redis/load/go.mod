module motif.dev/bench/redis/load

go 1.22
