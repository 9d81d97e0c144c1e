"""Writes about batches, one function a use case, each within the caller's transaction."""
