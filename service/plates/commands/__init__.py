"""Writes about plates, one function a use case, each within the caller's transaction."""

from service.plates.commands.issuing import issue_plates, move_sample_batches, open_batch

__all__ = ["issue_plates", "move_sample_batches", "open_batch"]
