"""Finds the address a text means."""
