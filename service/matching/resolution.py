"""The result of resolving a text: category, address, score and candidates."""

from dataclasses import dataclass

from address_model.comparison import ElementDifference
from address_model.elements import Elements
from address_model.name_dictionary import NameMatch
from address_model.parsing import Parse
from service.addresses.queries import AddressRow, NameRow


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that a text may mean; ``repairs`` are the repairs it needs."""

    address: AddressRow
    score: float
    differences: tuple[ElementDifference, ...] = ()
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolution:
    """The result of resolving a text.

    ``category`` is A (exact apart from spelling), B (safe after the repairs in ``reasons``), C
    (uncertain: ``candidates`` and the ``question`` to ask) or ``none``. ``address`` is set for A
    and B. ``match_level`` is the deepest level found. ``historic`` is the ended address whose text
    matched if ``address`` is its successor. ``remainder`` is the text below the requested level.
    """

    text: str
    category: str
    address: AddressRow | None = None
    matched_name: NameRow | None = None
    reasons: tuple[str, ...] = ()
    score: float = 0.0
    match_level: str = ""
    differences: tuple[ElementDifference, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    question: str = ""
    unknown: tuple[str, ...] = ()
    historic: AddressRow | None = None
    remainder: str = ""


@dataclass(frozen=True, slots=True)
class Search:
    """One search: the reading, the wanted plate, and the counties and names to search.

    With ``literal``, only an address with exactly that local text matches.
    """

    reading: Parse
    wanted: Elements
    counties: tuple[str, ...]
    names: dict[str, NameMatch]
    repairs: tuple[str, ...] = ()
    literal: str = ""
