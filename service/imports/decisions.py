"""What rows of a list come to, and what the register knows of them: values."""

from dataclasses import dataclass, field
from typing import NamedTuple

from service.addresses.drafts import AddressDraft
from service.addresses.queries import AddressRow, NameRow
from service.core.sheets import RowFault

Identifier = tuple[str, str]
"""Scheme and value."""


class PlacedRow(NamedTuple):
    """A row that has found its place: its number, the code it gave if any, and its draft.

    ``text`` is the address as the source wrote it, empty for a list of elements. ``digest`` is
    that of the list's row, empty where it must be read each time; it became ``parts`` addresses.
    """

    number: int
    code: str
    draft: AddressDraft
    text: str = ""
    digest: bytes = b""
    parts: int = 1

    @property
    def words(self) -> str:
        """The address as the source wrote it, as far as is known."""
        return self.text or self.draft.text


@dataclass(frozen=True, slots=True)
class RowRefusal:
    """A row that contradicts the register or another row, and how to correct it."""

    row: PlacedRow
    fault: RowFault


class SameRow(NamedTuple):
    """A row that is an address held (``code``), or a new one of its list (its place there)."""

    row: PlacedRow
    code: str = ""
    first: int = -1


@dataclass
class Decisions:
    """What a chunk of rows comes to; ``identified`` are same but for a new identifier."""

    new: list[PlacedRow] = field(default_factory=list)
    changed: list[tuple[AddressRow, PlacedRow]] = field(default_factory=list)
    same: list[SameRow] = field(default_factory=list)
    identified: list[tuple[AddressRow, PlacedRow]] = field(default_factory=list)
    gated: list[tuple[AddressRow, PlacedRow]] = field(default_factory=list)
    """Same, and the first to name the gate of the estate."""
    conflicts: list[RowRefusal] = field(default_factory=list)
    errors: list[RowRefusal] = field(default_factory=list)
    given: dict[Identifier, str] = field(default_factory=dict, repr=False)
    """Who of the chunk has an identifier: a code, or ``row 7``."""


@dataclass(frozen=True, slots=True)
class FormerHolder:
    """A text that is no address's standard text: whose it was, or whose other name it is."""

    name: NameRow
    address: AddressRow
    successors: tuple[AddressRow, ...]


@dataclass(frozen=True, slots=True)
class RegisterSnapshot:
    """What the register knows of a chunk: codes by source id and by key, addresses by code.

    ``reserved`` are codes that no address has yet, with the purpose they are kept for.
    """

    by_source_id: dict[str, str]
    by_key: dict[str, str]
    """Whose a key is: of its current text, or of the one address that is also found under it."""
    addresses: dict[str, AddressRow]
    by_identifier: dict[Identifier, str] = field(default_factory=dict)
    past: dict[str, FormerHolder] = field(default_factory=dict)
    reserved: dict[str, str] = field(default_factory=dict)
    by_gate: dict[str, str] = field(default_factory=dict)
    """Addresses along a road, by the key that is the gate of what a row names."""
    gates: dict[str, str] = field(default_factory=dict)
    """The second keys of addresses, by code."""
    once: dict[tuple[str, str], FormerHolder] = field(default_factory=dict)
    """By key and words of a row: who had just these along a place once called so."""
