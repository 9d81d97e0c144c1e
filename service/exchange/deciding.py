"""Decides for every placed row what it is to the register: new, changed, same or in conflict."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from address_model.codes import format_code
from address_model.coordinates import distance_m
from service.addresses.drafts import AddressDraft
from service.addresses.policies import is_gone, require_changeable
from service.addresses.queries import AddressRow, NameRow
from service.core.errors import Conflict

FAR_M = 200.0
"""Two points of one address that are further apart than this contradict each other."""

NEAR_M = 1.0
"""A point that moved less than this has not moved."""

Identifier = tuple[str, str]
"""Scheme and value."""


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A row that has found its place: its number, the code it gave if any, and its draft.

    ``text`` is the address as the source wrote it, empty for a list of elements.
    """

    number: int
    code: str
    draft: AddressDraft
    text: str = ""

    @property
    def words(self) -> str:
        """The address as the source wrote it, as far as is known."""
        return self.text or self.draft.text


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that contradicts the register, and how to mend it."""

    row: PlacedRow
    field: str
    reason: str
    mend: str


@dataclass(frozen=True, slots=True)
class SameRow:
    """A row that is an address held (``code``), or another row of its list (``first``)."""

    row: PlacedRow
    code: str = ""
    first: PlacedRow | None = None


@dataclass
class Decisions:
    """What a chunk of rows comes to; ``identified`` are same but for a new identifier."""

    new: list[PlacedRow] = field(default_factory=list)
    changed: list[tuple[AddressRow, PlacedRow]] = field(default_factory=list)
    same: list[SameRow] = field(default_factory=list)
    identified: list[tuple[AddressRow, PlacedRow]] = field(default_factory=list)
    gated: list[tuple[AddressRow, PlacedRow]] = field(default_factory=list)
    """Same, and the first to name the gate of the estate."""
    conflicts: list[Refusal] = field(default_factory=list)
    errors: list[Refusal] = field(default_factory=list)
    given: dict[Identifier, str] = field(default_factory=dict, repr=False)
    """Who of the chunk has an identifier: a code, or ``row 7``."""


@dataclass(frozen=True, slots=True)
class Past:
    """A text that is no address's standard text: whose it was, or whose other name it is."""

    name: NameRow
    address: AddressRow
    successors: tuple[AddressRow, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What the register knows of a chunk; ``reserved`` are codes no address has yet, and why."""

    by_source_id: dict[str, str]
    by_key: dict[str, str]
    """Whose a key is: of its current text, or of the one address that is also found under it."""
    addresses: dict[str, AddressRow]
    by_identifier: dict[Identifier, str] = field(default_factory=dict)
    past: dict[str, Past] = field(default_factory=dict)
    reserved: dict[str, str] = field(default_factory=dict)
    by_gate: dict[str, str] = field(default_factory=dict)
    """Addresses along a road, by the key that is the gate of what a row names."""
    gates: dict[str, str] = field(default_factory=dict)
    """The second keys of addresses, by code."""
    once: dict[tuple[str, str], Past] = field(default_factory=dict)
    """By key and words of a row: who had just these along a place once called so."""


def decide(known: Known, rows: Sequence[PlacedRow]) -> Decisions:
    """Compare a chunk of rows with the register and with each other, in the order of the file."""
    decisions = Decisions()
    fresh: dict[str, PlacedRow] = {}
    for row in rows:
        before = _find_fresh(fresh, row.draft)
        if before is not None and not row.code:
            _compare_fresh(decisions, row, before)
        elif _decide_one(decisions, known, row):
            fresh[row.draft.key] = row
            if row.draft.gate_key:
                fresh.setdefault(row.draft.gate_key, row)
    return decisions


def _find_fresh(fresh: dict[str, PlacedRow], draft: AddressDraft) -> PlacedRow | None:
    """The new row before this one that is the same address, by its own key or by its gate's.

    Two estates behind one gate are two: of the rows that meet at a gate one names no estate.
    """
    before = fresh.get(draft.key)
    if before is None and draft.gate_key:
        before = fresh.get(draft.gate_key)
        if before is not None and before.draft.key != draft.gate_key:
            return None
    return before


def _decide_one(decisions: Decisions, known: Known, row: PlacedRow) -> bool:
    """File one row under what it is; True when it is new."""
    holder = known.by_key.get(row.draft.key) or known.by_gate.get(row.draft.gate_key)
    named = row.code or known.by_source_id.get(row.draft.source_id, "")
    if row.code and row.code in known.reserved:
        return _decide_reserved(decisions, known, row)
    if row.code and row.code not in known.addresses:
        decisions.errors.append(
            Refusal(
                row, "code", f"the code {row.code} was never given out", "leave the column empty"
            )
        )
    elif named and holder not in (None, named):
        decisions.conflicts.append(
            Refusal(
                row,
                "address",
                f"this text belongs to {holder}, the row says {named}",
                "correct the text or the code; one of the two is wrong",
            )
        )
    elif taken := _taken_identifier(decisions, known, row, named or holder or ""):
        decisions.conflicts.append(taken)
    elif named:
        _compare(decisions, known, known.addresses[named], row)
    elif (row.draft.key, row.words) in known.once:
        decisions.conflicts.append(_stale(row, known.once[row.draft.key, row.words]))
    elif holder:
        _compare(decisions, known, known.addresses[holder], row, by_key=True)
    elif row.draft.key in known.past:
        decisions.conflicts.append(_stale(row, known.past[row.draft.key]))
    else:
        decisions.new.append(row)
        return True
    return False


def _decide_reserved(decisions: Decisions, known: Known, row: PlacedRow) -> bool:
    """File a row that brings a reserved code: it is new, or contradicts the register."""
    holder = known.by_key.get(row.draft.key)
    before = next(
        (b for b in decisions.new if row.code == b.code or row.draft.key == b.draft.key), None
    )
    if not row.code.startswith(row.draft.county):
        why = f"the code {row.code} was reserved in county {row.code[:6]}"
        decisions.errors.append(Refusal(row, "code", why, "use a code of the address's county"))
    elif holder or before:
        other = holder or f"row {before.number}" if before else holder
        why = f"this text or this code belongs to {other} already"
        decisions.conflicts.append(Refusal(row, "code", why, "correct the text or the code"))
    elif conflict := _taken_identifier(decisions, known, row, row.code):
        decisions.conflicts.append(conflict)
    elif row.draft.key in known.past:
        decisions.conflicts.append(_stale(row, known.past[row.draft.key]))
    else:
        decisions.new.append(row)
        return True
    return False


def _taken_identifier(
    decisions: Decisions, known: Known, row: PlacedRow, code: str
) -> Refusal | None:
    """The conflict of a row whose identifier another address or row has; else note its own."""
    draft = row.draft
    own = list(draft.identifiers)
    if draft.source_id:
        own.append(("", draft.source_id))
    for scheme, value in own:
        holder = known.by_identifier.get((scheme, value)) or decisions.given.get((scheme, value))
        if holder and holder != code:
            return Refusal(
                row,
                f"id:{scheme}" if scheme else "source_id",
                f"the identifier {value} belongs to {holder}",
                "correct the identifier; one of the two is wrong",
            )
    decisions.given.update(dict.fromkeys(own, code or f"row {row.number}"))
    return None


def _stale(row: PlacedRow, past: Past) -> Refusal:
    """The conflict of a text that leads to another address: an old list must not enter it anew."""
    held = past.address
    told = f"this text led to {format_code(held.code)}"
    if is_gone(held):
        told += f", which has ended ({held.status_reason or held.status})"
    elif past.name.kind == "former":
        told += f", which is now {held.standard_text}"
    else:
        told = f"this text is another name of {format_code(held.code)} {held.standard_text}"
    if past.successors:
        shown = "、".join(f"{format_code(s.code)} {s.standard_text}" for s in past.successors)
        told += f"; what followed it: {shown}"
    return Refusal(
        row,
        "address",
        told,
        "leave the row out; if a new place has this text now, import it with --reuse-texts",
    )


def _compare(
    decisions: Decisions, known: Known, held: AddressRow, row: PlacedRow, *, by_key: bool = False
) -> None:
    """Compare a row with the address it is.

    Known by its key alone, another writing is the same address: its text changes nothing, or two
    writings in one list would change it to and fro. It may bring the point that was missing. Two
    rooms of one number in estates of one name behind different gates are two rooms.
    """
    draft = row.draft
    moved = distance_m(held.point, draft.point) if held.point and draft.point else 0.0
    brings_point = held.point is None and draft.point is not None
    gate = known.gates.get(held.code, "")
    if by_key and moved > FAR_M:
        decisions.conflicts.append(_far(row, held.code, moved))
    elif by_key and gate and draft.gate_key not in ("", gate):
        decisions.conflicts.append(_other_gate(row, f"{held.code} {held.standard_text}"))
    elif by_key and brings_point:
        kept = replace(row, draft=replace(draft, elements=held.elements))
        _change(decisions, held, kept)
    elif not by_key and (held.standard_text != draft.text or moved > NEAR_M or brings_point):
        _change(decisions, held, row)
    elif any(identifier not in known.by_identifier for identifier in draft.identifiers):
        decisions.identified.append((held, row))
    elif by_key and draft.gate_key and not gate and draft.key in known.by_key:
        decisions.gated.append((held, row))
    else:
        decisions.same.append(SameRow(row, code=held.code))


def _change(decisions: Decisions, held: AddressRow, row: PlacedRow) -> None:
    """File a row that changes its address; one that is frozen or gone takes no change."""
    try:
        require_changeable(held)
    except Conflict as refused:
        decisions.conflicts.append(Refusal(row, "code", refused.detail, refused.mend))
    else:
        decisions.changed.append((held, row))


def _compare_fresh(decisions: Decisions, row: PlacedRow, before: PlacedRow) -> None:
    one, other = before.draft.point, row.draft.point
    apart = distance_m(one, other) if one and other else 0.0
    if apart > FAR_M:
        decisions.conflicts.append(_far(row, f"row {before.number}", apart))
    elif before.draft.gate_key and row.draft.gate_key not in ("", before.draft.gate_key):
        decisions.conflicts.append(_other_gate(row, f"row {before.number}"))
    else:
        decisions.same.append(SameRow(row, first=before))


def _other_gate(row: PlacedRow, other: str) -> Refusal:
    return Refusal(
        row,
        "address",
        f"the same building and room of an estate of this name as {other}, but behind another gate",
        "correct the gate, or the estate's name if these are two estates",
    )


def _far(row: PlacedRow, other: str, metres: float) -> Refusal:
    return Refusal(
        row,
        "lon",
        f"the same address as {other}, but {metres:.0f} m away from it",
        "correct the point, or the name if these are two places",
    )
