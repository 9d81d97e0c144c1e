"""Claims the next message of a webhook, and notes how an attempt ended.

Whoever claims holds the webhook for ``HELD``, by a column and not by a lock: an attempt may take
ten seconds, and people may pause the webhook meanwhile. If the process dies, another one tries the
same message again then; receivers know messages by their number.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_, text, update
from sqlalchemy.orm import Session

from address_model.tables import Webhook, WebhookDelivery, WebhookProgress
from service.audit import commands as audit
from service.auth.permissions import Permission
from service.auth.queries import find_program_of
from service.changes.queries import ChangeRow, ChangesForgotten, list_changes
from service.core.actor import Actor
from service.webhooks.queries import (
    DeliveryRow,
    HookRow,
    Interest,
    Message,
    WebhookNotFound,
    find_due,
    find_previous,
    get_delivery,
    get_hook,
)
from service.webhooks.states import (
    MOST_ATTEMPTS,
    DeliveryState,
    HookState,
    MessageKind,
    StopReason,
)
from service.webhooks.transport import Outcome, SendFault

SENDER = Actor("system", "webhooks")
READ_AT_ONCE = 1000
"""Changes of the feed that are looked at in one step."""

MOST_CHANGES = 500
"""Changes in one message."""

FIRST_DELAY = timedelta(seconds=10)
LONGEST_DELAY = timedelta(hours=6)
HELD = timedelta(seconds=60)
"""Longer than any attempt."""

WITHOUT_GRANT = timedelta(seconds=60)
"""How soon a webhook of a program without grant is looked at again."""

GIVEN_UP_AFTER = timedelta(days=10)
"""A webhook that takes nothing for so long is stopped."""

KEPT = timedelta(days=30)
"""How long delivered messages stay on the list."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A webhook that was looked at; with its next message, or None if there is none for it."""

    hook: int
    message: Message | None = None


_NEXT = text(
    "select w.id from webhook w join webhook_progress p on p.webhook_id = w.id "
    "where w.state = 'active' and p.busy_until <= :now and (exists ("
    "  select from webhook_delivery d where d.webhook_id = w.id and d.state = 'pending' "
    "  and d.due_at <= :now) "
    "or p.position <> (select last from feed_counter where name = 'change') and not exists ("
    "  select from webhook_delivery d where d.webhook_id = w.id and d.state = 'pending' "
    "  and d.kind = 'changes')) "
    "order by p.busy_until limit 1 for no key update of w, p skip locked"
)
"""A webhook with a message that is due, or with changes to look at and no message before them."""


def claim_message(session: Session, now: datetime) -> Claim | None:
    """Take up the webhook that has waited longest; None if no webhook has anything to do."""
    number = session.scalar(_NEXT, {"now": now})
    if number is None:
        return None
    hook = get_hook(session, number)
    program = find_program_of(session, hook.client_id)
    if program is None or not program.may(Permission.CHANGES_READ):
        _advance(session, number, busy_until=now + WITHOUT_GRANT)
        return Claim(number)
    interest = Interest.of(hook, program)
    delivery = find_due(session, number, now)
    try:
        if delivery is None:
            read = list_changes(session, after=hook.position, limit=READ_AT_ONCE)
            delivery = _open_message(session, hook, read, interest.select(session, read))
        if delivery is None:
            return Claim(number)
        count = delivery.position - delivery.after
        told = list_changes(session, after=delivery.after, limit=count) if count else []
    except ChangesForgotten:
        _stop(session, hook, StopReason.FORGOTTEN)
        return Claim(number)
    tried = update(WebhookDelivery).where(WebhookDelivery.id == delivery.id)
    session.execute(tried.values(attempts=delivery.attempts + 1))
    _advance(session, number, busy_until=now + HELD)
    delivery = replace(delivery, attempts=delivery.attempts + 1)
    changes = tuple(interest.select(session, told))
    return Claim(number, Message(hook, delivery, find_previous(session, delivery), changes))


def _open_message(
    session: Session, hook: HookRow, read: Sequence[ChangeRow], concerning: Sequence[ChangeRow]
) -> DeliveryRow | None:
    """Move a webhook on over changes that were read, with a message if any concern it."""
    told = concerning[:MOST_CHANGES]
    reached = read[-1].position if len(told) == len(concerning) else told[-1].position
    _advance(session, hook.id, position=reached)
    if not told:
        return None
    made = WebhookDelivery(
        webhook_id=hook.id,
        kind=MessageKind.CHANGES,
        after=told[0].position - 1,
        position=told[-1].position,
        changes=len(told),
    )
    session.add(made)
    session.flush()
    return get_delivery(session, hook.id, made.id)


def finish_message(session: Session, message: Message, outcome: Outcome, now: datetime) -> None:
    """Note how an attempt ended: taken, to be tried again, or given up.

    A webhook that has taken nothing for ten days, or answers 410, is stopped.
    """
    hook, delivery = message.hook, message.delivery
    try:
        held = get_hook(session, hook.id, lock=True)
    except WebhookNotFound:  # removed meanwhile
        return
    state, due_at = DeliveryState.DELIVERED, now
    is_ping, is_gone = delivery.kind is MessageKind.PING, outcome.fault is SendFault.GONE
    if not outcome.is_taken:
        is_last = is_ping or is_gone or delivery.attempts >= MOST_ATTEMPTS
        state = DeliveryState.DEAD if is_last else DeliveryState.PENDING
        delay = min(FIRST_DELAY * 3 ** (delivery.attempts - 1), LONGEST_DELAY)
        due_at = now + delay * (0.8 + secrets.randbelow(400) / 1000)  # not all at one time
    failing_since = None if outcome.is_taken else held.failing_since or now
    delivered_at = now if outcome.is_taken else held.delivered_at
    _advance(
        session, hook.id, busy_until=now, failing_since=failing_since, delivered_at=delivered_at
    )
    ended = update(WebhookDelivery).where(WebhookDelivery.id == delivery.id)
    session.execute(
        ended.values(
            state=state,
            due_at=due_at,
            fault=outcome.fault,
            status=outcome.status,
            finished_at=None if state is DeliveryState.PENDING else now,
        )
    )
    if is_gone:
        _stop(session, hook, StopReason.GONE)
    elif failing_since and now - failing_since >= GIVEN_UP_AFTER:
        _stop(session, hook, StopReason.FAILING)


def forget_deliveries(session: Session, now: datetime, feed_kept_days: int) -> int:
    """Drop delivered messages after a month, and dead ones whose changes are kept no longer."""
    made = WebhookDelivery.created_at
    is_over = WebhookDelivery.state == DeliveryState.DELIVERED, made < now - KEPT
    is_dead = WebhookDelivery.state == DeliveryState.DEAD
    is_lost = is_dead, made < now - timedelta(days=feed_kept_days)
    gone = delete(WebhookDelivery).where(or_(and_(*is_over), and_(*is_lost)))
    return len(session.execute(gone.returning(WebhookDelivery.id)).all())


def _advance(session: Session, number: int, **values: object) -> None:
    progress = update(WebhookProgress).where(WebhookProgress.webhook_id == number)
    session.execute(progress.values(**values))


def _stop(session: Session, hook: HookRow, reason: StopReason) -> None:
    """Switch a webhook off, and say so in the audit chain; people let it go on."""
    stopped = session.execute(
        update(Webhook)
        .where(Webhook.id == hook.id, Webhook.state == HookState.ACTIVE)
        .values(state=HookState.STOPPED, stopped_because=reason)
        .returning(Webhook.id)
    ).first()
    if stopped is not None:
        audit.record(
            session,
            actor=SENDER,
            action="webhooks:stop",
            subject=str(hook.id),
            url=hook.url,
            reason=reason,
        )
