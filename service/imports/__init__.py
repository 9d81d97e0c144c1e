"""Addresses in and out of files."""
