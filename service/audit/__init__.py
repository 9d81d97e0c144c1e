"""The audit chain: who did what."""
