"""Reads about batches: their rows, their lists, their plates in print order."""
