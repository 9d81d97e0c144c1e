"""Stores identifiers of other schemes: a city's own code, the id in a police database."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.codes import format_code
from service.addresses.queries import find_by_identifiers, hold_addresses
from service.audit import commands as audit
from service.changes import commands as changes
from service.changes.commands import Action, Subject
from service.core.actor import Actor
from service.core.clock import today
from service.core.errors import Conflict

SOURCE_SCHEME = "source:"
"""The prefix of schemes that identify rows of an import source."""

_ADD = text(
    "insert into address_identifier (scheme, value, code, valid_from, valid_to) values "
    "(:scheme, :value, :code, coalesce(:valid_from, :today), :valid_to) "
    "on conflict (scheme, value) do update set valid_to = excluded.valid_to, "
    "valid_from = coalesce(:valid_from, address_identifier.valid_from) "
    "where address_identifier.code = excluded.code returning code"
)


def add_identifier(
    session: Session,
    code: str,
    identifier: tuple[str, str],
    actor: Actor,
    *,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> None:
    """Attach an identifier (scheme and value) of another scheme to an address.

    An expired identifier (``valid_to``) still resolves; adding it again updates its dates.

    Raises:
        AddressNotFound, MalformedCode: there is no such address.
        Conflict: scheme or value is empty, or another address has the identifier.
    """
    (held,) = hold_addresses(session, code)
    scheme, value = (part.strip() for part in identifier)
    if not scheme or not value:
        raise Conflict(
            "scheme or value is empty",
            hint="give both, for example sz25 4403050…",
            zh="请填写系统名称和它的标识。",
        )
    row = {"scheme": scheme, "value": value, "code": held.code, "today": today()}
    if session.scalar(_ADD, row | {"valid_from": valid_from, "valid_to": valid_to}) is None:
        holder = find_by_identifiers(session, scheme, [value])[value]
        raise Conflict(
            f"the identifier {scheme} {value} belongs to {format_code(holder)}",
            hint="correct the value, or merge the two addresses",
            zh=f"标识 {scheme} {value} 已属于 {format_code(holder)}。"
            "请核对；是同一处的，合并两个地址。",
        )
    changes.announce(session, Subject.ADDRESS, Action.IDENTIFIED, [held.code])
    audit.record(
        session,
        actor=actor,
        action="addresses:identify",
        subject=held.code,
        scheme=scheme,
        value=value,
    )


def add_identifiers(
    session: Session, rows: Iterable[tuple[str, tuple[str, str]]], actor: Actor
) -> None:
    """As ``add_identifier``, for (code, identifier) pairs.

    Raises:
        Conflict: another address has one of them.
    """
    for code, identifier in rows:
        add_identifier(session, code, identifier, actor)
