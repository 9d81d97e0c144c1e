"""Plates: search, and one plate with all that happened to it."""
