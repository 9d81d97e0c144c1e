"""Reads what is counted for the public figures, and what is published."""
