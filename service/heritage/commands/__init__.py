"""Writes the catalogue and merges its entries."""

from service.heritage.commands.catalogue import LoadedCatalogue, load_catalogue
from service.heritage.commands.merge import merge_entries

__all__ = ["LoadedCatalogue", "load_catalogue", "merge_entries"]
