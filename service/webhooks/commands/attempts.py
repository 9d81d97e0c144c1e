"""Queues a message to try a webhook, and messages that are to be sent once more."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from address_model.tables import WebhookDelivery
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.auth.grants import Program
from service.core.actor import Actor
from service.core.errors import Conflict
from service.webhooks.queries import HookRow, get_delivery, get_hook
from service.webhooks.states import MOST_ATTEMPTS, DeliveryState, HookState, MessageKind


def ping_hook(session: Session, program: Program, number: int) -> int:
    """Queue a message without changes, to try a webhook; return the number of the delivery.

    It is tried once.

    Raises:
        WebhookNotFound: the program has none with this number.
        Conflict: the webhook is paused or stopped, or a ping is on its way already.
    """
    held = get_hook(session, number, client_id=program.id, lock=True)
    if held.state is not HookState.ACTIVE:
        raise Conflict(f"webhook {number} is {held.state}", hint="let it go on first")
    waiting = select(func.count()).where(
        WebhookDelivery.webhook_id == number,
        WebhookDelivery.kind == MessageKind.PING,
        WebhookDelivery.state == DeliveryState.PENDING,
    )
    if session.execute(waiting).scalar_one():
        raise Conflict(f"a ping of webhook {number} is on its way", hint="look at its deliveries")
    ping = WebhookDelivery(
        webhook_id=number, kind=MessageKind.PING, after=held.position, position=held.position
    )
    session.add(ping)
    session.flush()
    audit.record(session, actor=program.actor, action="webhooks:ping", subject=str(number))
    return ping.id


def redeliver(
    session: Session, held: HookRow, delivery: int | None, actor: Actor, *, seen: int | None
) -> int:
    """Send a message once more, or all dead letters if none is named; return how many.

    They are sent as soon as the webhook is at work; what fails again is dead again.

    Raises:
        WebhookNotFound: the webhook was removed.
        Outdated: it has changed since the caller saw version ``seen``.
        DeliveryNotFound: it has no such message.
        Conflict: the message is waiting already, or is a ping; or there are no dead letters.
    """
    now_held = get_hook(session, held.id, lock=True)
    require_seen(session, now_held.record, seen)
    again = update(WebhookDelivery).where(
        WebhookDelivery.webhook_id == held.id, WebhookDelivery.kind == MessageKind.CHANGES
    )
    if delivery is None:
        again = again.where(WebhookDelivery.state == DeliveryState.DEAD)
    else:
        get_delivery(session, held.id, delivery)
        again = again.where(
            WebhookDelivery.id == delivery, WebhookDelivery.state != DeliveryState.PENDING
        )
    values = {
        "state": DeliveryState.PENDING,
        # one attempt: what its receiver never takes must not hold up those behind it again
        "attempts": MOST_ATTEMPTS - 1,
        "due_at": func.clock_timestamp(),
    }
    sent = session.execute(again.values(**values).returning(WebhookDelivery.id)).all()
    if not sent:
        raise Conflict(
            "there is nothing to send again: it is waiting already, or is a ping",
            hint="look at the deliveries again",
            zh="没有可以重新投递的：已经在等待投递，或者是试投。",
        )
    audit.record(
        session,
        actor=actor,
        action="webhooks:redeliver",
        subject=str(held.id),
        delivery=delivery or "all",
        count=len(sent),
    )
    return len(sent)
