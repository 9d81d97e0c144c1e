"""Addresses follow their division and the place they count along when these are renamed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.elements import Elements
from service.addresses.commands.text_changes import ChangedTexts, change_texts
from service.addresses.drafts import AddressDraft, with_place_names
from service.addresses.policies import is_gone
from service.addresses.queries import AddressRow, find_addresses, lock_addresses
from service.core.actor import Actor
from service.divisions.register import LEVEL_NAMES, DivisionRow
from service.placenames.commands import follow_township
from service.placenames.queries import find_places

_LOCK_PAGE = text(
    "select code from address where division_id = any(:ids) and code > :after "
    "order by code limit :size for no key update"
)


@dataclass(frozen=True, slots=True)
class Renaming:
    """What addresses follow: from the divisions of ``ids`` and a name at their level, whereto.

    ``moves`` says that the divisions have ended, so that their addresses lie in ``target`` now.
    """

    ids: Sequence[int]
    old_name: str
    target: DivisionRow
    moves: bool
    source: str


@dataclass(frozen=True, slots=True)
class RenamedPage:
    """What one page of addresses came to; ``last`` is where the next begins, "" at the end.

    ``before`` are the addresses that were changed, as they were.
    """

    last: str
    before: tuple[AddressRow, ...] = ()
    frozen: int = 0
    conflicts: tuple[str, ...] = ()

    @property
    def changed(self) -> int:
        """How many addresses were changed."""
        return len(self.before)


def follow_division(
    session: Session, following: Renaming, actor: Actor, *, after: str = "", size: int = 2000
) -> RenamedPage:
    """Let a page of addresses follow; each text it had becomes a former name that leads to it.

    Addresses that have ended keep their text. Frozen ones, and those whose new text another
    address has, are left alone and told.
    """
    if following.moves and not after:
        follow_township(session, following.ids, following.target, following.old_name)
    page = {"ids": list(following.ids), "after": after, "size": size}
    codes = list(session.scalars(_LOCK_PAGE, page))
    if not codes:
        return RenamedPage("")
    held = find_addresses(session, codes)
    living = [held[code] for code in codes if not is_gone(held[code])]
    done = change_texts(session, [(row, _following(row, following)) for row in living], actor)
    return RenamedPage(codes[-1], done.before, len(done.frozen), done.conflicts)


def follow_places(
    session: Session, codes: Sequence[str], actor: Actor, *, source: str
) -> ChangedTexts:
    """Let addresses (16 digits) bear the present names of the places they count along.

    Codes and keys stay, and each text an address had becomes a former name that leads to it.
    Addresses that have ended keep their text. Done already, nothing changes.
    """
    held = lock_addresses(session, codes)
    living = [held[code] for code in sorted(held) if not is_gone(held[code])]
    ids = {one for row in living for one in (row.place_id, row.second_place_id) if one}
    names = {place.id: (place.kind, place.name) for place in find_places(session, ids).values()}
    pairs = [(row, with_place_names(_as_draft(row, source), names)) for row in living]
    renamed = [(row, draft) for row, draft in pairs if draft.elements != row.elements]
    return change_texts(session, renamed, actor)


def _as_draft(row: AddressRow, source: str) -> AddressDraft:
    return AddressDraft(
        county=row.county,
        division_id=row.division_id,
        division_code=row.division_code,
        elements=row.elements,
        source=source,
        place_id=row.place_id,
        second_place_id=row.second_place_id,
    )


def _following(row: AddressRow, following: Renaming) -> AddressDraft:
    draft = _as_draft(row, following.source)
    draft = replace(draft, elements=_renamed(row.elements, following))
    if not following.moves:
        return draft
    return replace(draft, division_id=following.target.id, division_code=following.target.code)


def _renamed(elements: Elements, following: Renaming) -> Elements:
    names = {
        "province": elements.province,
        "city": elements.city,
        "county": elements.county,
        "township": elements.township,
        "community": elements.community,
    }
    level = LEVEL_NAMES[following.target.level]
    if names[level] != following.old_name:
        return elements
    return elements.with_divisions(**names | {level: following.target.name})
