"""What a text resolved to: a category, an address, how well it fits, what else it may mean."""

from dataclasses import dataclass

from address_model.comparison import ElementDifference
from address_model.elements import Elements
from address_model.name_dictionary import NameMatch
from address_model.parsing import Parse
from service.addresses.queries import AddressRow, NameRow


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that a text may mean; ``repairs`` says what had to be repaired for it."""

    address: AddressRow
    score: float
    differences: tuple[ElementDifference, ...] = ()
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a text resolved to.

    ``category`` is A (exact but for writing), B (safe after the repairs it names), C (uncertain:
    ``candidates`` and the ``question`` to ask) or ``none``. ``address`` is the answer of A and B.
    ``match_level`` is the deepest level that was found. ``historic`` is the ended address whose
    text matched, when ``address`` is what took its place. ``remainder`` is what of the text lies
    below the level that was asked for.
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
    """One repair: the reading, the wanted plate, where and under which names it is looked for.

    With ``literal``, only an address whose local text is that is what the text means.
    """

    reading: Parse
    wanted: Elements
    counties: tuple[str, ...]
    names: dict[str, NameMatch]
    repairs: tuple[str, ...] = ()
    literal: str = ""
