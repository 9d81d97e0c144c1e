"""Runs: bulk work in chunks, done by workers on any number of machines."""
