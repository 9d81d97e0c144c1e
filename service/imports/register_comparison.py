"""Compares placed rows with the register: each is new, changed, same or in conflict."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from address_model.codes import format_code
from address_model.coordinates import distance_m
from service.addresses.drafts import draft_of
from service.addresses.policies import is_gone, require_changeable
from service.addresses.queries import AddressRow
from service.core.errors import Conflict
from service.imports.decisions import (
    Decisions,
    FormerHolder,
    PlacedRow,
    RegisterSnapshot,
    RowRefusal,
    SameRow,
)
from service.imports.rules import Rule

FAR_M = 200.0
"""Two points of one address further apart than this contradict each other, in metres."""

NEAR_M = 1.0
"""A point that moved less than this counts as unmoved, in metres."""


@dataclass
class _Moves:
    """The rows of a chunk that give an address another text, by the keys they take and leave.

    If two rows claim one key, or give one address two texts, both are conflicts.
    """

    taken: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    """By each key that a row takes: all rows with that key, and the codes they name."""
    left: dict[str, int] = field(default_factory=dict)
    wanted: dict[str, dict[str, int]] = field(default_factory=dict)
    """By code, the keys that rows give it, each with its first row."""

    def find_other(self, row: PlacedRow, named: str) -> int:
        """The number of another row whose change collides with this row; 0 for none."""
        key = row.draft.key
        for number, other in self.taken.get(key, ()):
            if other != named:
                return number
        wanted = self.wanted.get(named, {})
        if len(wanted) > 1:
            return next(number for other, number in wanted.items() if other != key)
        return 0 if named else self.left.get(key, 0)

    @classmethod
    def find(cls, known: RegisterSnapshot, rows: Sequence[PlacedRow]) -> "_Moves | None":
        """The moves of a chunk; None if no row moves an address."""
        moves = cls()
        for row in rows:
            held = (
                known.addresses.get(_named(known, row)) if row.code or row.draft.source_id else None
            )
            if held is None:
                continue
            key = row.draft.key
            moves.wanted.setdefault(held.code, {}).setdefault(key, row.number)
            if known.by_key.get(key) != held.code:
                moves.taken[key] = []
                moves.left[draft_of(held).key] = row.number
        if not moves.taken:
            return None
        for row in rows:
            if row.draft.key in moves.taken:
                moves.taken[row.draft.key].append((row.number, _named(known, row)))
        return moves


def decide(known: RegisterSnapshot, rows: Sequence[PlacedRow], *, reach: str = "") -> Decisions:
    """Compare a chunk of rows with the register and with each other, in the order of the file.

    A row that would change an address of a division whose code does not begin with ``reach`` is in
    conflict.
    """
    decisions = Decisions()
    fresh: dict[str, int] = {}
    moves = _Moves.find(known, rows)
    for row in rows:
        key, gate = row.draft.key, row.draft.gate_key
        before = fresh.get(key)
        if before is None and gate:
            # of two rows that share only a gate, one must name no estate
            at_gate = fresh.get(gate)
            if at_gate is not None and decisions.new[at_gate].draft.key == gate:
                before = at_gate
        colliding = moves.find_other(row, _named(known, row)) if moves else 0
        if colliding:
            _conflict(decisions, row, "address", Rule.MEETS_CHANGE, other=colliding)
        elif before is not None and not row.code:
            _compare_fresh(decisions, row, before)
        elif _decide_one(decisions, known, row):
            fresh[key] = len(decisions.new) - 1
            if gate:
                fresh.setdefault(gate, len(decisions.new) - 1)
    for known_rows in (decisions.changed, decisions.identified, decisions.gated):
        beyond = [pair for pair in known_rows if not pair[0].division_code.startswith(reach)]
        for held, row in beyond:
            known_rows.remove((held, row))
            _conflict(decisions, row, "address", Rule.BEYOND, code=format_code(held.code))
    return decisions


def _named(known: RegisterSnapshot, row: PlacedRow) -> str:
    """The code that a row names by its code or source id, whatever its text; empty if none."""
    return row.code or known.by_source_id.get(row.draft.source_id, "")


def _conflict(
    decisions: Decisions, row: PlacedRow, name: str, rule: Rule, **values: object
) -> None:
    decisions.conflicts.append(RowRefusal(row, rule.fault(row.number, name, **values)))


def _error(decisions: Decisions, row: PlacedRow, name: str, rule: Rule, **values: object) -> None:
    decisions.errors.append(RowRefusal(row, rule.fault(row.number, name, **values)))


def _decide_one(decisions: Decisions, known: RegisterSnapshot, row: PlacedRow) -> bool:
    """File one row under its decision; return whether it is new."""
    holder = known.by_key.get(row.draft.key) or known.by_gate.get(row.draft.gate_key)
    named = _named(known, row)
    if row.code and row.code in known.reserved:
        return _decide_reserved(decisions, known, row)
    if row.code and row.code not in known.addresses:
        _error(decisions, row, "code", Rule.CODE_UNKNOWN, code=format_code(row.code))
    elif named and holder not in (None, named):
        values = {"holder": format_code(holder), "named": format_code(named)}
        _conflict(decisions, row, "address", Rule.TEXT_TAKEN, **values)
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


def _decide_reserved(decisions: Decisions, known: RegisterSnapshot, row: PlacedRow) -> bool:
    """File a row with a reserved code; return whether it is new (else it is refused)."""
    holder = known.by_key.get(row.draft.key)
    before = next(
        (b for b in decisions.new if row.code == b.code or row.draft.key == b.draft.key), None
    )
    if not row.code.startswith(row.draft.county):
        values = {"code": format_code(row.code), "county": row.code[:6]}
        _error(decisions, row, "code", Rule.CODE_ELSEWHERE, **values)
    elif holder or before:
        other = f"第 {before.number} 行" if before else format_code(holder or "")
        _conflict(decisions, row, "code", Rule.CODE_TAKEN, holder=other)
    elif conflict := _taken_identifier(decisions, known, row, row.code):
        decisions.conflicts.append(conflict)
    elif row.draft.key in known.past:
        decisions.conflicts.append(_stale(row, known.past[row.draft.key]))
    else:
        decisions.new.append(row)
        return True
    return False


def _taken_identifier(
    decisions: Decisions, known: RegisterSnapshot, row: PlacedRow, code: str
) -> RowRefusal | None:
    """The conflict of a row whose identifier is already taken; otherwise note its identifiers."""
    draft = row.draft
    own = list(draft.identifiers)
    if draft.source_id:
        own.append(("", draft.source_id))
    for scheme, value in own:
        holder = known.by_identifier.get((scheme, value)) or decisions.given.get((scheme, value))
        if holder and holder != code:
            name = f"id:{scheme}" if scheme else "source_id"
            # a holder is a code, or a row of this list
            shown = f" {format_code(holder)}" if holder.isdigit() else holder
            values = {"value": value, "holder": shown}
            return RowRefusal(row, Rule.IDENTIFIER_TAKEN.fault(row.number, name, **values))
    decisions.given.update(dict.fromkeys(own, code or f"第 {row.number} 行"))
    return None


def _stale(row: PlacedRow, past: FormerHolder) -> RowRefusal:
    """The conflict of a former text: an outdated list must not register it as a new address."""
    held = past.address
    shown = "、".join(f"{format_code(s.code)} {s.standard_text}" for s in past.successors)
    values = {"code": format_code(held.code), "followed": f"，后续是 {shown}" if shown else ""}
    if is_gone(held):
        rule = Rule.ENDED
        values["why"] = held.status_reason or held.status
    else:
        rule = Rule.RENAMED if past.name.kind == "former" else Rule.OTHER_NAME
        values["text"] = held.standard_text
    return RowRefusal(row, rule.fault(row.number, "address", **values))


def _compare(
    decisions: Decisions,
    known: RegisterSnapshot,
    held: AddressRow,
    row: PlacedRow,
    *,
    by_key: bool = False,
) -> None:
    """Compare a row with the address it refers to.

    A row matched only by its key may spell the address differently: its text changes nothing
    (two spellings in one list would flip it back and forth), but it may add a missing point.
    Rooms with one number in estates of one name behind different gates are different rooms.
    """
    draft = row.draft
    moved = distance_m(held.point, draft.point) if held.point and draft.point else 0.0
    brings_point = held.point is None and draft.point is not None
    gate = known.gates.get(held.code, "")
    if by_key and moved > FAR_M:
        _conflict(
            decisions, row, "lon", Rule.FAR, other=f" {format_code(held.code)} ", metres=moved
        )
    elif by_key and gate and draft.gate_key not in ("", gate):
        other = f" {format_code(held.code)} {held.standard_text} "
        _conflict(decisions, row, "address", Rule.OTHER_GATE, other=other)
    elif by_key and brings_point:
        kept = row._replace(draft=replace(draft, elements=held.elements))
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
    """File a row as a change, or as a conflict if its address is frozen or gone."""
    try:
        require_changeable(held)
    except Conflict as refused:
        _conflict(decisions, row, "code", Rule.LOCKED, why=refused.detail, how=refused.hint)
    else:
        decisions.changed.append((held, row))


def _compare_fresh(decisions: Decisions, row: PlacedRow, place: int) -> None:
    """Compare a row with an earlier new row of the same address; it may add a missing point."""
    before = decisions.new[place]
    one, other = before.draft.point, row.draft.point
    apart = distance_m(one, other) if one and other else 0.0
    first_row = f"第 {before.number} 行"
    if apart > FAR_M:
        _conflict(decisions, row, "lon", Rule.FAR, other=first_row, metres=apart)
    elif before.draft.gate_key and row.draft.gate_key not in ("", before.draft.gate_key):
        _conflict(decisions, row, "address", Rule.OTHER_GATE, other=first_row)
    else:
        decisions.same.append(SameRow(row, first=place))
        if one is None and other is not None:
            draft = replace(before.draft, point=other, point_note=row.draft.point_note)
            decisions.new[place] = before._replace(draft=draft)
