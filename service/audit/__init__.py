"""The audit chain: a tamper-evident log of who did what."""
