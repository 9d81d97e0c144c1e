"""Gives and withdraws the grants (授权) of departments' programs."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from address_model.tables import ClientGrant, Division
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.auth.commands.clients import hold_client
from service.auth.grants import Grant
from service.auth.policies import require_sound
from service.auth.queries.clients import get_grant
from service.core.actor import Actor
from service.core.errors import Conflict, DivisionNotFound


def give_grant(
    session: Session, name: str, grant: Grant, actor: Actor, *, is_agreed: bool = True
) -> int:
    """Give a program a grant, with immediate effect if it is agreed to; return its number.

    The number of ``grant`` is not used. A grant is not changed but withdrawn, and given anew.
    Whether a second person has to agree is judged by ``service.departments.commands``.

    Raises:
        ClientNotFound: there is no program of that name.
        Conflict: the program is closed.
        DivisionNotFound: the register has no such division.
        BadRequest: no permission, or one that programs do not have; a class of fields that
            programs never see; a network that is none; an end that is past.
    """
    client = hold_client(session, name)
    if not client.is_active:
        raise Conflict(f"{name} is closed", zh="这个程序已停用，不能再授权。")
    require_sound(grant)
    division = grant.prefix.ljust(12, "0") if grant.division else ""
    known = select(Division.id).where(Division.code == division).limit(1)
    is_whole = len(grant.prefix) in (0, 2, 4, 6, 9, 12)  # 33020 is no 330200
    if division and not (is_whole and session.scalar(known)):
        raise DivisionNotFound(
            f"no division {grant.division}", hint="find its code with `menpai divisions find NAME`"
        )
    row = ClientGrant(
        client_id=client.id,
        division=division,
        permissions=sorted(grant.permissions),
        classes=sorted(grant.classes),
        is_deep=grant.is_deep,
        per_minute=grant.per_minute,
        per_day=grant.per_day,
        networks=list(grant.networks),
        valid_until=grant.valid_until,
        given_by=str(actor),
        agreed_at=func.clock_timestamp() if is_agreed else None,
    )
    if grant.valid_from is not None:
        row.valid_from = grant.valid_from
    session.add(row)
    session.flush()
    audit.record(session, actor=actor, action="clients:grant", subject=name, **terms_of(row))
    return row.id


def withdraw_grant(session: Session, number: int, actor: Actor, seen: int | None = None) -> None:
    """Withdraw a grant, with immediate effect.

    Raises:
        GrantNotFound: there is none of that number.
        Outdated: it was changed after its version ``seen``.
        Conflict: it is withdrawn already.
    """
    held = select(ClientGrant).where(ClientGrant.id == number).with_for_update()
    row = session.scalar(held.execution_options(populate_existing=True))
    found = get_grant(session, number)
    require_seen(session, found.record, seen)
    if row is None or row.withdrawn_at is not None:
        raise Conflict(f"grant {number} is withdrawn already", zh="这项授权已经收回。")
    row.withdrawn_at = func.clock_timestamp()
    session.flush()
    audit.record(
        session, actor=actor, action="clients:withdraw_grant", subject=found.client, grant=number
    )


def terms_of(row: ClientGrant) -> dict[str, object]:
    """The terms of a grant, for the audit chain."""
    terms = {
        "grant": row.id,
        "permissions": ",".join(row.permissions),
        "division": row.division,
        "classes": ",".join(row.classes),
        "is_deep": row.is_deep,
        "quota": f"{row.per_minute}/min, {row.per_day}/day",
        "networks": ",".join(row.networks),
    }
    until = row.valid_until
    return terms | ({"until": until.isoformat(timespec="seconds")} if until else {})
