"""Decisions about place names: checking new ones; renaming, merging and dividing places."""
