"""Batches of plates: choose, submit, approve, make, hand to the maker."""
