"""Answers texts that an address has or had: by key, with the place that the text means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from address_model.lifecycle import GONE
from address_model.normalising import normalise
from address_model.parsing import Parse, Verdict
from address_model.rendering import fold_numbered
from service.addresses.commands.naming import SECOND
from service.addresses.queries import AddressRow, NameRow
from service.matching.focus import Focus
from service.matching.judging import unknown_tokens
from service.matching.queries.codes import ambiguous, answer_ended
from service.matching.queries.places import WantedPlace, nearest_of, township_of
from service.matching.resolution import Candidate, Resolution


@dataclass(frozen=True, slots=True)
class Exact:
    """One text with what was found under its keys: names by key, addresses by code."""

    reading: Parse
    wanted: WantedPlace
    names: Mapping[str, Sequence[NameRow]]
    held: Mapping[str, AddressRow]
    focus: Focus

    def means(self, name: NameRow) -> bool:
        """Whether a name stands along the place that the text means: in the township it names."""
        place = self.wanted.keys[name.key]
        return place is None or place in self.wanted.here

    @property
    def found(self) -> list[NameRow]:
        """All names under the keys of the text."""
        return [name for key in self.wanted.keys for name in self.names.get(key, ())]


def resolve_exact(session: Session, exact: Exact) -> Resolution | None:
    """The answer of a text that an address has or had; None when none has it."""
    names = [name for name in exact.found if not _names_other_gate(exact, name)]
    if not names:
        return None
    names = [name for name in names if exact.means(name)] or names
    living = [name for name in names if exact.held[name.code].status not in GONE]
    if not living:
        return answer_ended(session, exact.reading, exact.held[names[0].code], names[0])
    stored = _stored_so(exact, living)
    if stored is not None:
        return _answer(exact, stored)
    return _choose(exact, _of_focus(exact, _current(living) or living))


def _choose(exact: Exact, current: Sequence[NameRow]) -> Resolution:
    """The answer among living addresses with the text.

    A township of another place than the one found makes it uncertain, and so do namesakes of which
    the text names no township, also when only one of them has the number.
    """
    rows = [exact.held[code] for code in sorted({name.code for name in current})]
    if exact.wanted.places and not any(exact.means(name) for name in current):
        return _elsewhere(exact, rows)
    here = {place.id for place in exact.wanted.here}
    if len(rows) == 1 and len(here) <= 1:
        return _answer(exact, _name_of(current, rows[0]))
    near = nearest_of(rows, exact.focus.near)
    if near is not None and near.place_id in here:
        return _answer(exact, _name_of(current, near))
    if len(rows) == 1:
        return _namesakes(exact, rows[0])
    return ambiguous(exact.reading, [Candidate(row, 0.9) for row in rows])


def _names_other_gate(exact: Exact, name: NameRow) -> bool:
    """Whether the text names another road or gate than the estate's that was found by its name."""
    if not exact.reading.plates:
        return False
    said, held = exact.reading.plates[0], exact.held[name.code].elements
    if not (said.estate and said.thoroughfare and held.thoroughfare):
        return False
    if fold_numbered(said.number) not in ("", fold_numbered(held.number)):
        return True
    return said.thoroughfare != held.thoroughfare


def _current(names: Sequence[NameRow]) -> list[NameRow]:
    """Names that still stand; a key that is an address's own is not that of another's gate."""
    standing = [name for name in names if name.valid_to is None]
    own = {name.key for name in standing if name.kind == "standard"}
    return [name for name in standing if name.kind != SECOND or name.key not in own]


def _of_focus(exact: Exact, names: Sequence[NameRow]) -> list[NameRow]:
    inside = [name for name in names if exact.focus.holds(exact.held[name.code])]
    return inside or list(names)


def _stored_so(exact: Exact, names: Sequence[NameRow]) -> NameRow | None:
    """The name of the only address that has just this text or, if none has, had it.

    The township it names must be said: what the register wrote so is that door, also where another
    of its number came to stand along the same place.
    """
    if not exact.wanted.township:
        return None
    said = normalise(exact.reading.text).text
    fits = [name for name in names if normalise(name.text).text.endswith(said)]
    fits = [name for name in fits if name.valid_to is None] or fits
    return fits[0] if len({name.code for name in fits}) == 1 else None


def _name_of(names: Sequence[NameRow], row: AddressRow) -> NameRow:
    return next(name for name in names if name.code == row.code)


def _elsewhere(exact: Exact, rows: Sequence[AddressRow]) -> Resolution:
    """The text names a township that has no place of the name, or none with this door: C."""
    said, street = exact.reading.place.township, rows[0].elements.street
    there = "、".join(dict.fromkeys(row.elements.township or "?" for row in rows))
    lacks = f"{said}{street}没有登记这个门牌" if exact.wanted.here else f"{said}没有登记{street}"
    why = f"{lacks}；登记在{there}"
    return ambiguous(exact.reading, [Candidate(row, 0.8, (), (why,)) for row in rows])


def _namesakes(exact: Exact, row: AddressRow) -> Resolution:
    """One door, on one of several streets of the name: the text must say which it means."""
    places = "、".join(
        f"{township.name or '?'}{place.name}"
        for place in exact.wanted.here
        for township in place.townships
    )
    return ambiguous(exact.reading, [Candidate(row, 0.9, (), (f"本县有同名地名：{places}",))])


def _answer(exact: Exact, name: NameRow) -> Resolution:
    """A when nothing had to be mended, B for a former name or another township of the place."""
    address, reading = exact.held[name.code], exact.reading
    reasons = list(reading.reasons)
    own = township_of(address.division_code)
    elsewhere = bool(own) and exact.wanted.township not in ("", own)
    if elsewhere:
        said = reading.place.township
        reasons.append(f"the text says {said}, the register {address.elements.township}")
    if name.valid_to is not None:
        reasons.append(f"former name, until {name.valid_to}")
    safe = reading.verdict is not Verdict.AMBIG and name.valid_to is None and not elsewhere
    return Resolution(
        reading.text,
        "A" if safe else "B",
        address,
        name,
        tuple(reasons),
        score=1.0 if safe else 0.95,
        match_level=address.level,
        unknown=unknown_tokens(reading),
    )
