"""Writes the catalogue and links addresses to it."""

from service.heritage.commands.catalogue import LoadedCatalogue, load_catalogue
from service.heritage.commands.merge import merge_entries

__all__ = ["LoadedCatalogue", "load_catalogue", "merge_entries"]
