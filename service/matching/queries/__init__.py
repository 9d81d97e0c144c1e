"""Finds the address a text means, completes what is typed, names the address at a point."""

from service.matching.focus import Focus
from service.matching.queries.completing import Completion, complete
from service.matching.queries.nearby import NearAddress, find_nearest
from service.matching.queries.resolving import resolve, resolve_many
from service.matching.resolution import Candidate, Resolution

__all__ = [
    "Candidate",
    "Completion",
    "Focus",
    "NearAddress",
    "Resolution",
    "complete",
    "find_nearest",
    "resolve",
    "resolve_many",
]
