"""The garbage collector of a server: what is loaded at its start is not looked at again."""

import gc

_THRESHOLDS = (10_000, 20, 100)
"""A server makes and drops much that holds no circles; a full collection stops all scans."""


def spare_the_loaded() -> None:
    """Leave everything that is loaded now out of every later collection, and collect seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
