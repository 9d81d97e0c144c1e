"""Writes the catalogue and links addresses to it."""

from service.heritage.commands.loading import LoadedCatalogue, load_catalogue

__all__ = ["LoadedCatalogue", "load_catalogue"]
