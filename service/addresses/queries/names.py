"""Reads names by key, identifiers of other schemes, and reserved codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from address_model.tables import Address, AddressIdentifier, AddressName, CodeReservation

_ANY_SCHEME = text(
    "with recursive schemes(scheme) as ("
    "select min(scheme) from address_identifier union all "
    "select (select min(scheme) from address_identifier where scheme > s.scheme) "
    "from schemes s where s.scheme is not null) "
    "select distinct i.code from schemes s "
    "join address_identifier i on i.scheme = s.scheme and i.value = :value "
    "order by i.code limit :most"
)
"""Schemes are few, identifiers many: one look into the index for each scheme."""


@dataclass(frozen=True, slots=True)
class NameRow:
    """One name under a key, and the code of its address."""

    key: str
    code: str
    kind: str
    text: str
    valid_to: date | None


def find_names(session: Session, keys: Sequence[str]) -> dict[str, list[NameRow]]:
    """All names under these keys, by key, current standard names first."""
    statement = (
        select(
            AddressName.key,
            AddressName.code,
            AddressName.kind,
            AddressName.text,
            AddressName.valid_to,
        )
        .where(AddressName.key == func.any(list(keys)))
        .order_by(AddressName.valid_to.desc().nulls_first(), AddressName.kind.desc())
    )
    found: dict[str, list[NameRow]] = {}
    for row in session.execute(statement):
        found.setdefault(row.key, []).append(NameRow(*row))
    return found


def find_second_keys(session: Session, codes: Sequence[str]) -> dict[str, str]:
    """The keys on second places, by code; addresses without one are left out."""
    if not codes:
        return {}
    statement = select(AddressName.code, AddressName.key).where(
        AddressName.code == func.any(list(codes)),
        AddressName.kind == "second",
        AddressName.valid_to.is_(None),
    )
    return dict(session.execute(statement).all())


def find_by_identifiers(session: Session, scheme: str, values: Sequence[str]) -> dict[str, str]:
    """The address codes of identifiers of one scheme: ``{value: code}``."""
    statement = select(AddressIdentifier.value, AddressIdentifier.code).where(
        AddressIdentifier.scheme == scheme, AddressIdentifier.value == func.any(list(values))
    )
    return dict(session.execute(statement).all())


def find_by_any_identifier(session: Session, value: str, *, most: int = 20) -> list[str]:
    """The codes of addresses that have this identifier in any scheme, in order."""
    return list(session.scalars(_ANY_SCHEME, {"value": value, "most": most}))


def find_reserved(session: Session, codes: Sequence[str]) -> dict[str, str]:
    """The purposes of reserved codes without an address, by code; others are left out."""
    statement = select(CodeReservation.code, CodeReservation.purpose).where(
        CodeReservation.code == func.any(list(codes)),
        ~select(Address.code).where(Address.code == CodeReservation.code).exists(),
    )
    return {row.code: row.purpose for row in session.execute(statement)}
