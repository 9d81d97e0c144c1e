"""Integrity checks of the connected database, for `check` and `serve`."""
