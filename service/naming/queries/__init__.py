"""Reads for decisions about names: similar names, doors in both places, suspects, decisions."""

from service.naming.queries.decisions import DecisionRow, list_decisions
from service.naming.queries.door_pairs import DoorPair, list_pairs
from service.naming.queries.likeness import Confusable, list_confusable
from service.naming.queries.suspects import Suspect, list_suspects

__all__ = [
    "Confusable",
    "DecisionRow",
    "DoorPair",
    "Suspect",
    "list_confusable",
    "list_decisions",
    "list_pairs",
    "list_suspects",
]
