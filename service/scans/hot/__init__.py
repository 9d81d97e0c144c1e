"""What a server process keeps in memory so that a scan is answered at once."""
