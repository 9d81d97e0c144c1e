"""Values of an import: placed rows, what the register holds for them, and the decisions."""

from dataclasses import dataclass, field
from typing import NamedTuple

from service.addresses.drafts import AddressDraft
from service.addresses.queries import AddressRow, NameRow
from service.core.sheets import RowFault

Identifier = tuple[str, str]
"""Scheme and value."""


class PlacedRow(NamedTuple):
    """A placed row: its number, the code it gives (or empty), and its draft.

    ``text`` is the address as the source writes it, empty for a list of elements. ``digest``
    identifies the row of the list, and is empty if the row must be read every time. The row of the
    list became ``parts`` addresses.
    """

    number: int
    code: str
    draft: AddressDraft
    text: str = ""
    digest: bytes = b""
    parts: int = 1

    @property
    def words(self) -> str:
        """The address as the source writes it, or else its standard text."""
        return self.text or self.draft.text


@dataclass(frozen=True, slots=True)
class RowRefusal:
    """A row that contradicts the register or another row, with the fault and its remedy."""

    row: PlacedRow
    fault: RowFault


class SameRow(NamedTuple):
    """A row that equals a registered address (``code``) or a new row (index ``first``)."""

    row: PlacedRow
    code: str = ""
    first: int = -1


@dataclass
class Decisions:
    """The decisions on a chunk of rows; ``identified`` rows add only an identifier."""

    new: list[PlacedRow] = field(default_factory=list)
    changed: list[tuple[AddressRow, PlacedRow]] = field(default_factory=list)
    same: list[SameRow] = field(default_factory=list)
    identified: list[tuple[AddressRow, PlacedRow]] = field(default_factory=list)
    gated: list[tuple[AddressRow, PlacedRow]] = field(default_factory=list)
    """Rows that only add the gate of the estate (road and number)."""
    conflicts: list[RowRefusal] = field(default_factory=list)
    errors: list[RowRefusal] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    """The codes given to the new rows, in their order; empty until they are stored."""
    given: dict[Identifier, str] = field(default_factory=dict, repr=False)
    """Which row of the chunk has an identifier: a code, or ``第 7 行``."""


@dataclass(frozen=True, slots=True)
class FormerHolder:
    """Whose former text, or other name, a text is that is no current standard text."""

    name: NameRow
    address: AddressRow
    successors: tuple[AddressRow, ...]


@dataclass(frozen=True, slots=True)
class RegisterSnapshot:
    """What the register holds for a chunk: codes by source id and by key, addresses by code.

    ``reserved`` are codes without an address yet, with the purpose they are kept for.
    """

    by_source_id: dict[str, str]
    by_key: dict[str, str]
    """The address of a key: by its current text, or the only one also found under it."""
    addresses: dict[str, AddressRow]
    by_identifier: dict[Identifier, str] = field(default_factory=dict)
    past: dict[str, FormerHolder] = field(default_factory=dict)
    reserved: dict[str, str] = field(default_factory=dict)
    by_gate: dict[str, str] = field(default_factory=dict)
    """Addresses on a road, by the key of the gate that a row names."""
    gates: dict[str, str] = field(default_factory=dict)
    """The second keys of addresses, by code."""
    once: dict[tuple[str, str], FormerHolder] = field(default_factory=dict)
    """By a row's key and words: the address with that text on a place formerly of this name."""
