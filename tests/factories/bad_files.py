"""A file that somebody uploads by mistake or out of malice, and what the desk says of it."""

from collections.abc import Callable
from typing import NamedTuple

GOOD = "社区,街路巷,门牌号\n清河坊社区,河坊街,88号\n清河坊社区,河坊街,90号\n"
"""A list of two rows, in order, to spoil."""

TAKEN = ""


class BadFile(NamedTuple):
    """``says`` is a pattern of the answer; ``TAKEN`` means that the list can be read all the same.

    ``rows`` are the rows of a list that is taken in.
    """

    about: str
    file_name: str
    make: Callable[[], bytes]
    says: str = TAKEN
    rows: int | None = None
