"""Resolves current and former texts of addresses: by key, and by the place that the text means."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from address_model.division_codes import township_code
from address_model.lifecycle import GONE, AddressStatus
from address_model.normal_form import normalise
from address_model.parsing import Parse, Verdict
from address_model.places import FIELDS, fold_numbered, fold_place
from service.addresses.commands.names import SECOND
from service.addresses.queries import AddressRow, NameRow
from service.matching.classification import unknown_tokens
from service.matching.keys import is_overfull
from service.matching.queries.codes import ambiguous, answer_ended
from service.matching.queries.places import (
    WantedPlace,
    list_in,
    nearest_of,
    where_registered,
)
from service.matching.resolution import Candidate, Resolution
from service.matching.resolve_options import ResolveOptions

_NAMED = ("thoroughfare", "estate")
_UPPER_ENDS = ("", *"省市县区镇乡道村")
"""What may precede a place name in a text: nothing, or the last character of a division."""


@dataclass(frozen=True, slots=True)
class Exact:
    """One text with the matches of its keys: names by key, addresses by code."""

    reading: Parse
    wanted: WantedPlace
    names: Mapping[str, Sequence[NameRow]]
    held: Mapping[str, AddressRow]
    focus: ResolveOptions

    def means(self, name: NameRow) -> bool:
        """Whether a name belongs to a place in the township that the text names."""
        place = self.wanted.place_of(name.key)
        return place is None or bool(list_in([place], self.wanted.township))

    @property
    def found(self) -> list[NameRow]:
        """All names under the keys of the text, or else under its keys without the estate."""
        return self._under(self.wanted.keys) or self._under(self.wanted.plain)

    @property
    def once(self) -> list[NameRow]:
        """Names with exactly this text at places whose former name another place has now."""
        found = self._under(self.wanted.once) if self.wanted.township else []
        if not found:
            return []
        said = normalise(self.reading.text).text
        return [name for name in found if normalise(name.text).text.endswith(said)]

    def _under(self, keys: Iterable[str]) -> list[NameRow]:
        return [name for key in keys for name in self.names.get(key, ())]


def resolve_exact(session: Session, exact: Exact) -> Resolution | None:
    """The result for a current or former text of an address; None if no address has it."""
    names = [name for name in exact.found if not _names_other_gate(exact, name)]
    names = [name for name in names if exact.means(name)] or names
    known = [*names, *exact.once]
    if not known:
        return None
    stored = _stored_so(exact, [name for name in known if not _has_ended(exact, name)])
    if stored is not None:
        return _answer(exact, stored, is_stored=True)
    merged = [name for name in known if exact.held[name.code].status == AddressStatus.REPLACED]
    ended = _stored_so(exact, merged)
    if ended is None and all(_has_ended(exact, name) for name in known):
        ended = known[0]
    if ended is not None:
        return answer_ended(session, exact.reading, exact.held[ended.code], ended)
    living = [name for name in names if not _has_ended(exact, name)]
    if not living:
        return None
    # A key that is an address's own does not lead to another address by its gate.
    standing = [name for name in living if name.valid_to is None]
    own = {name.key for name in standing if name.kind == "standard"}
    current = [name for name in standing if name.kind != SECOND or name.key not in own] or living
    inside = [name for name in current if exact.focus.holds(exact.held[name.code])]
    return _choose(exact, inside or current)


def _has_ended(exact: Exact, name: NameRow) -> bool:
    return exact.held[name.code].status in GONE


def _choose(exact: Exact, current: Sequence[NameRow]) -> Resolution | None:
    """The result among the current addresses with this text; None for a contradictory text.

    It is uncertain if the text names the township of another place, and if there are namesakes and
    the text names no township, even when only one of them has the number.
    """
    rows = [exact.held[code] for code in sorted({name.code for name in current})]
    if is_overfull(exact.reading):
        return None
    groups = exact.wanted.places_of(name.key for name in current)
    here = [list_in(places, exact.wanted.township) for places in groups]
    ids = {place.id for places in here for place in places}
    there = [row for row in rows if row.place_id in ids or row.second_place_id in ids]
    if groups and not there:
        # The named township lacks the place or the number: at best C.
        said, places = exact.wanted.township, groups[0]
        what = "该门牌" if list_in(places, said) else places[0].name
        held = {id_ for row in rows for id_ in (row.place_id, row.second_place_id)}
        found = [one for one in places if one.id in held]
        because = f"{said.name}没有登记{what}；登记的是{where_registered(found or places)}"
        return ambiguous(exact.reading, [Candidate(row, 0.8, (), (because,)) for row in rows])
    rows = there or rows
    if len(rows) == 1 and (not here or any(len(places) == 1 for places in here)):
        return _answer(exact, _name_of(current, rows[0]))
    near = nearest_of(rows, exact.focus.near)
    if near is not None and (near.place_id in ids or near.second_place_id in ids):
        return _answer(exact, _name_of(current, near))
    why = tuple(f"本县有同名地名：{where_registered(p)}" for p in here if len(p) > 1)
    return ambiguous(exact.reading, [Candidate(row, 0.9, (), why) for row in rows])


def _names_other_gate(exact: Exact, name: NameRow) -> bool:
    """Whether the text names another road or gate than that of the estate found by name."""
    if not exact.reading.plates:
        return False
    said, held = exact.reading.plates[0], exact.held[name.code].elements
    if not (said.estate and said.thoroughfare and held.thoroughfare):
        return False
    if fold_numbered(said.number) not in ("", fold_numbered(held.number)):
        return True
    return said.thoroughfare != held.thoroughfare and not _bore(exact, name.code, said.thoroughfare)


def _bore(exact: Exact, code: str, place: str) -> bool:
    """Whether an address has a current or former text with this place name."""
    texts = [name.text for name in exact.found if name.code == code]
    return any(place in text and text.partition(place)[0][-1:] in _UPPER_ENDS for text in texts)


def answer_other_gate(exact: Exact, answer: Resolution) -> Resolution:
    """For an unmatched text, the addresses of its estate, which is registered at another gate."""
    codes = sorted({name.code for name in exact.found if _names_other_gate(exact, name)})
    rows = [exact.held[code] for code in codes if exact.held[code].status not in GONE]
    if answer.category != "none" or not rows:
        return answer
    said, held = exact.reading.plates[0], rows[0].elements
    why = (
        f"原文写{said.thoroughfare}{said.number or ''}，"
        f"{held.estate}登记在{held.thoroughfare}{held.number or ''}"
    )
    return ambiguous(exact.reading, [Candidate(row, 0.8, (), (why,)) for row in rows])


def _stored_so(exact: Exact, names: Sequence[NameRow]) -> NameRow | None:
    """The name of the only address with exactly this text, including its township.

    A text without township that now fits two places because of a later namesake matches neither.
    """
    groups = exact.wanted.places_of(name.key for name in names)
    if not exact.wanted.township and groups and all(len(places) > 1 for places in groups):
        return None
    said = normalise(exact.reading.text).text
    written = [name for name in names if normalise(name.text).text.endswith(said)]
    standing = [name for name in written if name.valid_to is None]
    fits = standing or (written if exact.wanted.township else [])
    return fits[0] if len({name.code for name in fits}) == 1 else None


def _name_of(names: Sequence[NameRow], row: AddressRow) -> NameRow:
    return next(name for name in names if name.code == row.code)


def _answer(exact: Exact, name: NameRow, *, is_stored: bool = False) -> Resolution:
    """A if no repair was needed; B for a former name or another township of the place.

    A stored text is A, even if its township has since been renamed or merged.
    """
    address, reading, said = exact.held[name.code], exact.reading, exact.wanted.township
    reasons = list(reading.reasons)
    repaired: list[str] = []
    own = township_code(address.division_code) or address.elements.township[:12]
    if said and own not in said.codes:
        where = f"登记在{address.elements.township}" if own else "登记时未注明乡镇街道"
        repaired.append(f"原文写{said.name}，{where}")
    elif said.decision:
        repaired.append(said.decision)
    renamed = _read_by_old_name(exact, name)
    reasons += [f"{old}现名{now}" for old, now in renamed]
    repaired += [f"{old}现名{now}" for old, now in renamed if not _bore(exact, address.code, old)]
    known = (*exact.found, *exact.once)
    stands = any(one.code == name.code and one.valid_to is None for one in known)
    if is_stored and (stands or said.decision):
        repaired = []
    elif name.valid_to is not None:
        repaired.append(f"former name, until {name.valid_to}")
    is_exact = reading.verdict is not Verdict.AMBIG and not repaired
    return Resolution(
        reading.text,
        "A" if is_exact else "B",
        address,
        name,
        tuple(dict.fromkeys((*reasons, *repaired))),
        score=1.0 if is_exact else 0.95,
        match_level=address.level,
        unknown=unknown_tokens(reading),
    )


def _read_by_old_name(exact: Exact, name: NameRow) -> list[tuple[str, str]]:
    """Pairs of the place name used in the text and the current one, where they differ."""
    if not exact.reading.plates:
        return []
    said, held = exact.reading.plates[0], exact.held[name.code].elements
    named = ((getattr(said, field), getattr(held, field)) for field in _NAMED)
    pairs = {(old, now) for old, now in named if old and now and old != now}
    place = exact.wanted.place_of(name.key)
    if place is not None:
        written = str(getattr(said, FIELDS[place.kind]))
        if written and fold_place(place.kind, written) != place.key[2]:
            pairs.add((written, place.name))
    return sorted(pairs)
