"""Writes the catalogue and links addresses to it."""

from service.heritage.commands.loading import LoadedCatalogue, load_catalogue
from service.heritage.commands.merging import merge_entries

__all__ = ["LoadedCatalogue", "load_catalogue", "merge_entries"]
