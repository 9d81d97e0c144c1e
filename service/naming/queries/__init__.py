"""Reads what decisions about names rest on: names that a new one would be taken for."""

from service.naming.queries.likeness import Confusable, list_confusable

__all__ = ["Confusable", "list_confusable"]
