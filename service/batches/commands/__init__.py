"""Writes about batches, one function per use case, each within the caller's transaction."""
