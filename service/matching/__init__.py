"""Resolves texts to addresses."""
