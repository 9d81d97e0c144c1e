"""Answers texts that an address has or had: by key, with the place that the text means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from address_model.division_codes import township_code
from address_model.lifecycle import GONE
from address_model.normalising import normalise
from address_model.parsing import Parse, Verdict
from address_model.places import FIELDS, fold_place
from address_model.rendering import fold_numbered
from service.addresses.commands.naming import SECOND
from service.addresses.queries import AddressRow, NameRow
from service.matching.focus import Focus
from service.matching.judging import unknown_tokens
from service.matching.queries.codes import ambiguous, answer_ended
from service.matching.queries.places import WantedPlace, nearest_of, where_registered
from service.matching.resolution import Candidate, Resolution


@dataclass(frozen=True, slots=True)
class Exact:
    """One text with what was found under its keys: names by key, addresses by code."""

    reading: Parse
    wanted: WantedPlace
    names: Mapping[str, Sequence[NameRow]]
    held: Mapping[str, AddressRow]
    focus: Focus

    @property
    def found(self) -> list[NameRow]:
        """All names under the keys of the text."""
        return [name for key in self.wanted.keys for name in self.names.get(key, ())]


def resolve_exact(session: Session, exact: Exact) -> Resolution | None:
    """The answer of a text that an address has or had; None when none has it."""
    names = [name for name in exact.found if not _names_other_gate(exact, name)]
    if not names:
        return None
    living = [name for name in names if exact.held[name.code].status not in GONE]
    current = _of_focus(exact, _current(living) or living)
    if not current:
        return answer_ended(session, exact.reading, exact.held[names[0].code], names[0])
    return _choose(exact, current)


def _choose(exact: Exact, current: Sequence[NameRow]) -> Resolution:
    """The answer among living addresses with the text.

    A township of another place than the one found makes it uncertain, and so do namesakes of which
    the text names no township, also when only one of them has the number.
    """
    rows = [exact.held[code] for code in sorted({name.code for name in current})]
    stored = _stored_so(exact, current)
    if stored is not None:
        return _answer(exact, stored, is_stored=True)
    places, here = exact.wanted.places, exact.wanted.here
    if places and not here:
        return _elsewhere(exact, rows)
    ids = {place.id for place in here}
    rows = [row for row in rows if row.place_id in ids or row.second_place_id in ids] or rows
    if len(rows) == 1 and len(here) <= 1:
        return _answer(exact, _name_of(current, rows[0]))
    near = nearest_of(rows, exact.focus.near)
    if near is not None and (near.place_id in ids or near.second_place_id in ids):
        return _answer(exact, _name_of(current, near))
    why = (f"本县有同名地名：{where_registered(here)}",) if len(here) > 1 else ()
    return ambiguous(exact.reading, [Candidate(row, 0.9, (), why) for row in rows])


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
    """The name of the only address that has just this text, with the township it names.

    A text without township that a later namesake makes fit two places tells neither.
    """
    if not exact.wanted.said and len(exact.wanted.places) > 1:
        return None
    said = normalise(exact.reading.text).text
    codes = {one.code for one in names}
    fits = [
        name
        for name in exact.found
        if name.code in codes and normalise(name.text).text.endswith(said)
    ]
    if len({name.code for name in fits}) != 1:
        return None
    return min(fits, key=lambda name: name.valid_to is not None)


def _name_of(names: Sequence[NameRow], row: AddressRow) -> NameRow:
    return next(name for name in names if name.code == row.code)


def _elsewhere(exact: Exact, rows: Sequence[AddressRow]) -> Resolution:
    """The text names a township in which no place of the name lies: never more than C."""
    places = exact.wanted.places
    why = f"{exact.wanted.said.name}没有登记{places[0].name}；登记的是{where_registered(places)}"
    return ambiguous(exact.reading, [Candidate(row, 0.8, (), (why,)) for row in rows])


def _answer(exact: Exact, name: NameRow, *, is_stored: bool = False) -> Resolution:
    """A when nothing had to be mended; B for a former name or another township of the place.

    A text that is stored is A, also with a township that was renamed or merged since.
    """
    address, reading, said = exact.held[name.code], exact.reading, exact.wanted.said
    reasons = list(reading.reasons)
    mended: list[str] = []
    own = township_code(address.division_code)
    if own and said.codes and own not in said.codes:
        mended.append(f"原文写{said.name}，登记在{address.elements.township}")
    elif said.decision:
        mended.append(said.decision)
    mended += _read_by_old_name(exact, name)
    if is_stored and (name.valid_to is None or said.decision):
        mended = []
    elif name.valid_to is not None:
        mended.append(f"former name, until {name.valid_to}")
    is_exact = reading.verdict is not Verdict.AMBIG and not mended
    return Resolution(
        reading.text,
        "A" if is_exact else "B",
        address,
        name,
        tuple(dict.fromkeys((*reasons, *mended))),
        score=1.0 if is_exact else 0.95,
        match_level=address.level,
        unknown=unknown_tokens(reading),
    )


def _read_by_old_name(exact: Exact, name: NameRow) -> list[str]:
    """That the text calls the place by a former or other name, if it does."""
    place = exact.wanted.keys.get(name.key)
    if place is None or not exact.reading.plates:
        return []
    written = str(getattr(exact.reading.plates[0], FIELDS[place.kind]))
    if not written or fold_place(place.kind, written) == place.key[2]:
        return []
    return [f"{written}今名{place.name}"]
