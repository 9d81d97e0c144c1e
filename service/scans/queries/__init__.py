"""Reads what scans show: plates with their addresses, what came after them, kept bodies, counts."""
