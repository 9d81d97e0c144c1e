"""The garbage collector of a process: what is loaded at its start is not looked at again."""

import gc

_THRESHOLDS = (10_000, 20, 100)
"""Servers and imports make and drop much that holds no circles; a full collection stops all."""


def spare_the_loaded() -> None:
    """Leave everything that is loaded now out of every later collection, and collect seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
