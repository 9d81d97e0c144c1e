"""The plate designs that ship with the product, by name."""

from functools import cache
from importlib.resources import files

from qr.designs.reading import read_design
from qr.designs.specification import Design
from qr.errors import DesignUnknown

__all__ = ["Design", "get_design", "list_designs", "read_design"]


@cache
def get_design(name: str) -> Design:
    """Return a design; raises DesignUnknown naming those that exist."""
    if name not in list_designs():
        raise DesignUnknown(f"no design {name!r}; there are {', '.join(list_designs())}")
    return read_design(name, files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@cache
def list_designs() -> tuple[str, ...]:
    """Return the names of all designs in alphabetical order."""
    found = (item.name for item in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml")))
