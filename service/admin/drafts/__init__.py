"""Kept forms of addresses: drafts, the bin, and changes that wait for a second person."""
