"""Symbols spoilt in stated ways, to see how many of them are still read."""
