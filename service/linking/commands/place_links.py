"""Links addresses to place names besides their own place: villages they name, and by hand.

An address's own place is ``address.place_id``, and its division code leads to the divisions;
neither needs a link.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, insert, text
from sqlalchemy.orm import Session

from address_model.tables import AddressPlaceName
from service.addresses.queries import hold_addresses
from service.audit import commands as audit
from service.changes import commands as changes
from service.changes.commands import Action, Subject
from service.core.actor import Actor
from service.linking.commands.bulk import lock_links
from service.placenames.commands.name_locks import hold_names
from service.placenames.queries import get_place_id

_HAND = "hand"

_MENTIONED = """
select a.code, p.id from address a
join division d on d.id = a.division_id
join place_name p on p.standard_name = a.elements->>'natural_village' and p.kind = 'village'
  and p.status = 'current' and p.id is distinct from a.place_id
join division pd on pd.id = p.division_id and pd.level >= 4 and left(pd.code, 9) = left(d.code, 9)
where a.elements ? 'natural_village'
"""
_LINK = text(
    "insert into address_place_name (code, place_name_id, kind, how, reason) "  # noqa: S608 - our own constant
    f"select code, id, 'village', 'rule', 'named in the address' from ({_MENTIONED} "
    "and a.code = any(:codes)) m order by code, id "
    "on conflict do nothing returning code, place_name_id"
)
_MISSING = text(
    f"select code, id from ({_MENTIONED}) m where not exists (select 1 from address_place_name l "  # noqa: S608 - our own constant
    "where l.code = m.code and l.place_name_id = m.id)"
)
_STALE = text(
    "select l.code, l.place_name_id from address_place_name l where l.how = 'rule' "  # noqa: S608 - our own constant
    f"and (l.code, l.place_name_id) not in ({_MENTIONED})"
)
_UNPLACED = text(
    "select p.number || ' ' || p.standard_name from place_name p "
    "join division pd on pd.id = p.division_id where p.kind in ('street', 'estate', 'village') "
    "and p.status = 'current' and p.county = '' and exists (select 1 from address a "
    "join division d on d.id = a.division_id where a.street = p.standard_name "
    "and a.place_id is not null and a.county = left(pd.code, 6) "
    "and (substr(pd.code, 7, 3) = '000' or left(d.code, 9) = left(pd.code, 9))) order by 1"
)


@dataclass
class LinkedPlaces:
    """The result of a check: missing links added, and stale ones removed.

    ``unclear`` are registered names that addresses seem to have although they belong to another
    place of that name.
    """

    added: int = 0
    removed: int = 0
    unclear: list[str] = field(default_factory=list)


def link_mentions(session: Session, codes: Sequence[str]) -> int:
    """Link new addresses to the villages that they name besides their own place.

    The caller has announced the addresses.
    """
    if not codes:
        return 0
    return len(session.execute(_LINK, {"codes": list(codes)}).all())


def link_places(session: Session, actor: Actor) -> LinkedPlaces:
    """Check the links of the whole register, and repair what an interrupted load left behind."""
    lock_links(session)
    missing = [(code, place) for code, place in session.execute(_MISSING).all()]
    stale = [(code, place) for code, place in session.execute(_STALE).all()]
    link_mentions(session, sorted({code for code, _ in missing}))
    for code, place in stale:
        session.execute(
            delete(AddressPlaceName).where(
                AddressPlaceName.code == code, AddressPlaceName.place_name_id == place
            )
        )
    _announce(session, [*missing, *stale], actor)
    unclear = list(session.execute(_UNPLACED).scalars())
    return LinkedPlaces(len(missing), len(stale), unclear)


def assign_place(
    session: Session, code: str, number: str, *, kind: str, reason: str, actor: Actor
) -> None:
    """Link an address to a place name by hand; ``kind`` is building, historical, …

    Raises:
        AddressNotFound: no such address.
        PlaceNameNotFound: no such place name.
    """
    place_id = _hold(session, number)
    (address,) = hold_addresses(session, code)
    unassign_place(session, code, number, actor)
    session.execute(
        insert(AddressPlaceName).values(
            code=address.code, place_name_id=place_id, kind=kind, how=_HAND, reason=reason
        )
    )
    _announce(session, [(address.code, place_id)], actor)


def unassign_place(session: Session, code: str, number: str, actor: Actor) -> bool:
    """Remove a link; return whether there was one."""
    place_id = _hold(session, number)
    (address,) = hold_addresses(session, code)
    key = (address.code, place_id)
    gone = session.execute(
        delete(AddressPlaceName)
        .where(AddressPlaceName.code == key[0], AddressPlaceName.place_name_id == key[1])
        .returning(AddressPlaceName.code)
    ).all()
    if gone:
        _announce(session, [key], actor)
    return bool(gone)


def _hold(session: Session, number: str) -> int:
    """Lock a place name and return its key."""
    hold_names(session, [number])
    return get_place_id(session, number)


def announce_links(session: Session, codes: Iterable[str]) -> list[str]:
    """Announce changed place-name links of addresses in the feed; return the codes in order."""
    wanted = sorted(set(codes))
    changes.announce(session, Subject.ADDRESS_PLACE_NAME, Action.LINKED, wanted)
    return wanted


def _announce(session: Session, links: list[tuple[str, int]], actor: Actor) -> None:
    if not links:
        return
    codes = announce_links(session, (code for code, _ in links))
    audit.record_codes(session, actor=actor, action="place_names:link", codes=codes)
