"""Resolves texts, completes typed text, and finds the address nearest to a point."""

from service.matching.queries.autocomplete import Completion, complete
from service.matching.queries.nearby import NearAddress, find_nearest
from service.matching.queries.resolver import resolve, resolve_many
from service.matching.resolution import Candidate, Resolution
from service.matching.resolve_options import ResolveOptions

__all__ = [
    "Candidate",
    "Completion",
    "NearAddress",
    "Resolution",
    "ResolveOptions",
    "complete",
    "find_nearest",
    "resolve",
    "resolve_many",
]
