"""Snapshots of registers for departments that keep a copy, and digests to compare it by."""
