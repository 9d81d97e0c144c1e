"""The audit chain, to read."""
