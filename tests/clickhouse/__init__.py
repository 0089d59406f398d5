"""A real ClickHouse engine (chDB) behind a loopback HTTP server, for tests and benchmarks."""
