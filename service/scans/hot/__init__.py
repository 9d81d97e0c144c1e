"""The hot path: what a server process keeps in memory to answer scans at once."""
