"""Symbols drawn from plate files, worn in every way, and read by two independent readers."""
