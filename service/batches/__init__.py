"""Batches (批次): plates chosen, approved, made into files, proven and delivered together."""
