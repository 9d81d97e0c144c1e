"""Registers webhooks, changes, pauses and removes them, each within the caller's transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from address_model.division_codes import division_prefix
from address_model.tables import Area, Client, Division, Webhook, WebhookDelivery, WebhookProgress
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.auth.grants import Program
from service.auth.permissions import Permission
from service.changes.events import Subject
from service.changes.queries import ChangesForgotten, get_last_position, require_kept
from service.core.actor import Actor
from service.core.errors import BadRequest, Conflict
from service.core.signing_keys import KeyRing
from service.webhooks.hook_secret import draw_seed, find_secret
from service.webhooks.queries import HookRow, get_hook, list_hooks_of
from service.webhooks.states import DeliveryState, HookState
from service.webhooks.targets import Reach

MOST_HOOKS = 20
"""Webhooks of one program."""

OVERLAP = timedelta(days=1)
"""How long a former secret signs too."""


@dataclass(frozen=True, slots=True)
class HookDraft:
    """What a webhook is told of and where; no ``subjects`` are all kinds of records."""

    url: str
    subjects: tuple[Subject, ...] = ()
    division: str = ""
    area: str = ""


def create_hook(
    session: Session, program: Program, draft: HookDraft, reach: Reach, keys: KeyRing
) -> tuple[int, str]:
    """Register a webhook that is told of what happens from now on; return number and secret.

    Raises:
        TargetRefused: nothing may be sent to the URL.
        NotAllowed, BadRequest: the program is not granted this division or area.
        Conflict: it has such a webhook already, or too many.
    """
    _hold_program(session, program)
    values = _judge(session, program, draft, reach)
    if len(list_hooks_of(session, program.id)) >= MOST_HOOKS:
        raise Conflict(
            f"a program has at most {MOST_HOOKS} webhooks", hint="remove one that is not needed"
        )
    seed = draw_seed(keys)
    hook = Webhook(client_id=program.id, salt=seed.salt, key_id=seed.key_id, **values)
    session.add(hook)
    session.flush()
    session.add(WebhookProgress(webhook_id=hook.id, position=get_last_position(session)))
    session.flush()
    audit.record(
        session, actor=program.actor, action="webhooks:create", subject=str(hook.id), url=draft.url
    )
    secret = find_secret(keys, seed)
    assert secret is not None  # noqa: S101 - drawn with the current key
    return hook.id, secret


def change_hook(
    session: Session,
    program: Program,
    number: int,
    draft: HookDraft,
    reach: Reach,
    *,
    seen: int | None,
) -> None:
    """Change what a webhook of a program is told of, or where; what waits follows the new rules.

    Raises:
        WebhookNotFound: the program has none with this number.
        Outdated: it has changed since the caller saw version ``seen``.
        TargetRefused, NotAllowed, BadRequest, Conflict: as for a new one.
    """
    _hold_program(session, program)
    held = get_hook(session, number, client_id=program.id, lock=True)
    require_seen(session, held.record, seen)
    values = _judge(session, program, draft, reach, besides=number)
    session.execute(update(Webhook).where(Webhook.id == number).values(**values))
    before = {name: getattr(held, name) for name in ("url", "division", "area")}
    changed = {name: old for name, old in before.items() if old != values[name]}
    audit.record(
        session,
        actor=program.actor,
        action="webhooks:change",
        subject=str(number),
        url=draft.url,
        before=changed,
    )


def set_hook_state(
    session: Session, held: HookRow, state: HookState, actor: Actor, *, seen: int | None
) -> None:
    """Pause a webhook, or let it go on from where it stands.

    One whose changes are kept no longer goes on from now.

    Raises:
        WebhookNotFound: it was removed.
        Outdated: it has changed since the caller saw version ``seen``.
    """
    now_held = get_hook(session, held.id, lock=True)
    require_seen(session, now_held.record, seen)
    if now_held.state is state:
        return
    values = {"state": state, "stopped_because": ""}
    session.execute(update(Webhook).where(Webhook.id == held.id).values(**values))
    action = "webhooks:pause"
    if state is HookState.ACTIVE:
        action = "webhooks:resume"
        going_on: dict[str, object] = {"failing_since": None}
        try:
            require_kept(session, now_held.position)
        except ChangesForgotten:
            going_on["position"] = get_last_position(session)
        progress = update(WebhookProgress).where(WebhookProgress.webhook_id == held.id)
        session.execute(progress.values(**going_on))
        waiting = update(WebhookDelivery).where(
            WebhookDelivery.webhook_id == held.id, WebhookDelivery.state == DeliveryState.PENDING
        )
        session.execute(waiting.values(due_at=func.clock_timestamp()))  # is tried at once
    audit.record(session, actor=actor, action=action, subject=str(held.id), url=now_held.url)


def renew_secret(
    session: Session,
    program: Program,
    number: int,
    keys: KeyRing,
    now: datetime,
    *,
    seen: int | None,
) -> tuple[str, datetime]:
    """Give a webhook a new secret; the former signs too for a day. Return it, and until when.

    Raises:
        WebhookNotFound: the program has none with this number.
        Outdated: it has changed since the caller saw version ``seen``.
    """
    held = get_hook(session, number, client_id=program.id, lock=True)
    require_seen(session, held.record, seen)
    seed, former, until = draw_seed(keys), held.seeds[0], now + OVERLAP
    session.execute(
        update(Webhook)
        .where(Webhook.id == number)
        .values(
            salt=seed.salt,
            key_id=seed.key_id,
            former_salt=former.salt,
            former_key_id=former.key_id,
            former_until=until,
        )
    )
    audit.record(session, actor=program.actor, action="webhooks:renew_secret", subject=str(number))
    secret = find_secret(keys, seed)
    assert secret is not None  # noqa: S101 - drawn with the current key
    return secret, until


def remove_hook(session: Session, program: Program, number: int, *, seen: int | None) -> None:
    """Remove a webhook of a program with its deliveries; the audit chain keeps that it was there.

    Raises:
        WebhookNotFound: the program has none with this number.
        Outdated: it has changed since the caller saw version ``seen``.
    """
    held = get_hook(session, number, client_id=program.id, lock=True)
    require_seen(session, held.record, seen)
    session.execute(delete(Webhook).where(Webhook.id == number))
    audit.record(
        session, actor=program.actor, action="webhooks:remove", subject=str(number), url=held.url
    )


def _hold_program(session: Session, program: Program) -> None:
    """Lock a program, so that it does not register the same webhook twice at once."""
    held = select(Client.id).where(Client.id == program.id)
    session.execute(held.with_for_update(key_share=True))


def _judge(
    session: Session, program: Program, draft: HookDraft, reach: Reach, *, besides: int = 0
) -> dict[str, object]:
    """The columns of a draft that the program may have, and no other webhook of it has."""
    reach.read(draft.url)
    prefix = division_prefix(draft.division)
    division = prefix.ljust(12, "0") if prefix else ""
    if draft.area:
        kind, _, code = draft.area.partition(":")
        present = (Area.kind == kind, Area.code == code, Area.succeeded_by.is_(None))
        found = session.scalar(
            select(Division.code).join(Area, Area.division_id == Division.id).where(*present)
        )
        if found is None or not program.may(Permission.CHANGES_READ, found):
            raise BadRequest(
                f"there is no area {draft.area[:80]}", hint="write it as kind:code", field="area"
            )
        division = found
    elif division:
        program.require(Permission.CHANGES_READ, division)
        if division_prefix(division) != prefix:  # 33010 is no 330100
            raise BadRequest(
                f"there is no division {draft.division}",
                hint="write its code, or the first 2, 4, 6 or 9 digits",
                field="division",
            )
    else:
        granted = program.divisions(Permission.CHANGES_READ)
        division = granted[0].ljust(12, "0") if len(granted) == 1 and granted[0] else ""
    aim = (draft.url, division, draft.area)
    for one in list_hooks_of(session, program.id):
        if one.id != besides and (one.url, one.division, one.area) == aim:
            raise Conflict(
                f"webhook {one.id} already sends this to that URL",
                hint="change that one, or renew its secret",
            )
    subjects = sorted(set(draft.subjects))
    return {"url": draft.url, "subjects": subjects, "division": division, "area": draft.area}
