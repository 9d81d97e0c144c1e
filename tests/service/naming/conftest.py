"""A register with the shipped divisions, emptied of addresses and places for each test."""

from tests.service.imports.conftest import database, register  # noqa: F401 - fixtures
