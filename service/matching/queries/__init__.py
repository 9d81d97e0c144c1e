"""Finds the address a text means, completes what is typed, names the address at a point."""

from service.matching.queries.dictionaries import complete
from service.matching.queries.nearby import NearAddress, find_nearest
from service.matching.queries.resolving import resolve, resolve_many
from service.matching.resolution import Candidate, Resolution

__all__ = [
    "Candidate",
    "NearAddress",
    "Resolution",
    "complete",
    "find_nearest",
    "resolve",
    "resolve_many",
]
