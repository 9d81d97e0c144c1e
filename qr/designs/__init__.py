"""The plate designs that ship with the product, by name."""

from functools import cache
from importlib.resources import files

from qr.designs.fields import Table
from qr.designs.reader import build_design, parse_table, read_design
from qr.designs.resize import stretch
from qr.designs.specification import Design
from qr.errors import DesignInvalid, DesignUnknown

__all__ = ["Design", "get_design", "list_designs", "read_design", "read_extension"]


@cache
def get_design(name: str) -> Design:
    """Return a design; raises DesignUnknown listing the names that exist."""
    return build_design(name, _table(name))


@cache
def list_designs() -> tuple[str, ...]:
    """Return the names of all designs in alphabetical order."""
    found = (item.name for item in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml")))


def read_extension(name: str, text: str) -> Design:
    """Read a custom design file, which may extend a shipped one (``extends = "medium"``).

    Raises DesignInvalid naming the field, DesignUnknown when the extended design does not exist.
    """
    return build_design(name, _whole(name, parse_table(name, text)))


def _table(name: str) -> Table:
    if name not in list_designs():
        raise DesignUnknown(f"no design {name!r}; there are {', '.join(list_designs())}")
    text = files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return _whole(name, parse_table(name, text))


def _whole(name: str, table: Table) -> Table:
    if "extends" not in table:
        return table
    try:
        return stretch(_table(table["extends"]), table)
    except (TypeError, ValueError) as error:
        raise DesignInvalid(f"design {name}: {error}") from error
