"""Updates addresses after their division or place was renamed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.addresses.commands.text_changes import ChangedTexts, change_texts
from service.addresses.drafts import AddressDraft, draft_of, with_place_names
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
    """A renaming that addresses follow: from the divisions ``ids`` and ``old_name`` to ``target``.

    ``moves`` means that the divisions have ended and their addresses now lie in ``target``.
    """

    ids: Sequence[int]
    old_name: str
    target: DivisionRow
    moves: bool
    source: str


@dataclass(frozen=True, slots=True)
class RenamedPage:
    """The result of one page; ``last`` is the cursor of the next page, "" at the end.

    ``before`` are the changed addresses as they were.
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
    """Update a page of addresses; each former text is kept as a name that resolves to it.

    Ended addresses keep their text. Frozen ones, and those whose new text another address has,
    are left unchanged and reported.
    """
    if following.moves and not after:
        follow_township(session, following.ids, following.target, following.old_name)
    page = {"ids": list(following.ids), "after": after, "size": size}
    codes = list(session.scalars(_LOCK_PAGE, page))
    if not codes:
        return RenamedPage("")
    held = find_addresses(session, codes)
    living = [held[code] for code in codes if not is_gone(held[code])]
    level = LEVEL_NAMES[following.target.level]
    pairs: list[tuple[AddressRow, AddressDraft]] = []
    for row in living:
        elements = row.elements
        names = {
            "province": elements.province,
            "city": elements.city,
            "county": elements.county,
            "township": elements.township,
            "community": elements.community,
        }
        if names[level] == following.old_name:
            elements = elements.with_divisions(**names | {level: following.target.name})
        draft = replace(draft_of(row), elements=elements, source=following.source)
        if following.moves:
            target = following.target
            draft = replace(draft, division_id=target.id, division_code=target.code)
        pairs.append((row, draft))
    done = change_texts(session, pairs, actor)
    return RenamedPage(codes[-1], done.before, len(done.frozen), done.conflicts)


def follow_places(
    session: Session, codes: Sequence[str], actor: Actor, *, source: str
) -> ChangedTexts:
    """Update addresses (16 digits) to the present names of their places; idempotent.

    Codes and keys stay, and each former text is kept as a name that resolves to its address.
    Ended addresses keep their text.
    """
    held = lock_addresses(session, codes)
    living = [held[code] for code in sorted(held) if not is_gone(held[code])]
    ids = {one for row in living for one in (row.place_id, row.second_place_id) if one}
    names = {place.id: (place.kind, place.name) for place in find_places(session, ids).values()}
    pairs = [
        (row, with_place_names(replace(draft_of(row), source=source), names)) for row in living
    ]
    renamed = [(row, draft) for row, draft in pairs if draft.elements != row.elements]
    return change_texts(session, renamed, actor)
