"""Settings that hold a list in one variable, its entries separated by commas."""

import ipaddress
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_settings import NoDecode


def _hosts(value: object) -> object:
    if not isinstance(value, str):
        return value
    names = tuple(part.strip().lower() for part in value.split(",") if part.strip())
    if any(set(name) & set("/:*@ ") for name in names):
        raise ValueError("must be host names without scheme, port or *, separated by commas")
    return names


def _networks(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(str(ipaddress.ip_network(p.strip())) for p in value.split(",") if p.strip())


def read_words(value: object) -> object:
    """The words of a list, in lower case."""
    if not isinstance(value, str):
        return value
    return tuple(part.strip().lower() for part in value.split(",") if part.strip())


def _numbers_by_division(value: object) -> object:
    if not isinstance(value, str):
        return value
    pairs = tuple(part.strip().split("=") for part in value.split(",") if part.strip())
    for pair in pairs:
        if len(pair) != 2 or not all(part.isascii() and part.isdigit() for part in pair):
            raise ValueError("must be division=number, by commas: 3301=12110,33=12110")
    return tuple((division, number) for division, number in pairs)


HostList = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_hosts)]
NetworkList = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_networks)]
WordList = Annotated[tuple[str, ...], NoDecode, BeforeValidator(read_words)]
NumbersByDivision = Annotated[
    tuple[tuple[str, str], ...], NoDecode, BeforeValidator(_numbers_by_division)
]
