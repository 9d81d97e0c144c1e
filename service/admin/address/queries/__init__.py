"""Reads for the page of one address: its facts and its history."""
