"""Reads webhooks with their progress, and their deliveries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select, text
from sqlalchemy.orm import Session

from address_model.tables import Client, FeedCounter, Webhook, WebhookDelivery, WebhookProgress
from service.changes.queries import ChangeRow
from service.core.errors import NotFound
from service.core.records import Record
from service.webhooks.hook_secret import SecretSeed
from service.webhooks.states import (
    STATE_NAMES,
    STOP_NAMES,
    DeliveryState,
    HookState,
    MessageKind,
    StopReason,
)
from service.webhooks.transport import FAULT_NAMES, SendFault


class WebhookNotFound(NotFound):
    """There is no such webhook."""


class DeliveryNotFound(NotFound):
    """There is no such delivery."""


@dataclass(frozen=True, slots=True)
class HookRow:
    """A webhook; ``behind`` is how many changes of the feed it has not been through yet.

    ``managed_in`` is the division whose administrators manage its program, "" everywhere.
    """

    id: int
    client_id: int
    client: str
    managed_in: str
    url: str
    subjects: tuple[str, ...]
    division: str
    area: str
    state: HookState
    stopped_because: str
    seeds: tuple[SecretSeed, ...]
    """The current seed first; then that of the former secret, as long as it signs too."""
    created_at: datetime
    version: int
    position: int
    behind: int
    failing_since: datetime | None
    delivered_at: datetime | None
    dead: int

    @property
    def record(self) -> Record:
        """The webhook as it now is, for an editor who saw an older version."""
        facts = {
            "网址": self.url,
            "区划": self.division,
            "责任区": self.area,
            "状态": STATE_NAMES[self.state],
        }
        return Record("webhooks", str(self.id), f"推送 {self.id}", self.version, facts)

    @property
    def stop_reason(self) -> str:
        """Why the sender has stopped it, in words; "" if it has not."""
        return STOP_NAMES[StopReason(self.stopped_because)] if self.stopped_because else ""


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One message to a webhook."""

    id: int
    webhook_id: int
    kind: MessageKind
    after: int
    position: int
    changes: int
    state: DeliveryState
    attempts: int
    due_at: datetime
    status: int | None
    fault: SendFault
    created_at: datetime
    finished_at: datetime | None

    @property
    def trouble(self) -> str:
        """What went wrong at the last attempt, in words; "" if nothing did."""
        said = FAULT_NAMES.get(self.fault, "")
        return f"{said}（{self.status}）" if said and self.fault is SendFault.REFUSED else said


def get_hook(
    session: Session, number: int, *, client_id: int | None = None, lock: bool = False
) -> HookRow:
    """The webhook with this number, of a program if one is named; ``lock`` holds it.

    Raises:
        WebhookNotFound: there is none.
    """
    if lock:
        held = select(Webhook.id).where(Webhook.id == number)
        session.execute(held.with_for_update(key_share=True))
    statement = _SELECT.where(Webhook.id == number)
    if client_id is not None:
        statement = statement.where(Webhook.client_id == client_id)
    row = session.execute(statement).first()
    if row is None:
        raise WebhookNotFound(f"there is no webhook {number}")
    return _hook(row)


def list_hooks_of(session: Session, client_id: int) -> list[HookRow]:
    """The webhooks of a program, by number."""
    statement = _SELECT.where(Webhook.client_id == client_id).order_by(Webhook.id)
    return [_hook(row) for row in session.execute(statement)]


def list_hooks(
    session: Session,
    *,
    scopes: tuple[str, ...],
    troubled: bool = False,
    after: int = 0,
    limit: int = 100,
) -> list[HookRow]:
    """Webhooks of programs that divisions manage, by number; ``scopes`` begin their codes.

    ``troubled``: only those that the sender has stopped, or that have dead letters.
    """
    inside = or_(*(Client.division.startswith(scope, autoescape=True) for scope in scopes))
    statement = _SELECT.where(Webhook.id > after, inside)
    if troubled:
        statement = statement.where(or_(Webhook.state == HookState.STOPPED, _DEAD > 0))
    return [_hook(row) for row in session.execute(statement.order_by(Webhook.id).limit(limit))]


def list_deliveries(
    session: Session,
    number: int,
    *,
    state: str = "",
    before: int = 0,
    limit: int = 50,
) -> list[DeliveryRow]:
    """The deliveries of a webhook, newest first; ``before`` is a number, 0 is none."""
    statement = select(*_DELIVERY).where(WebhookDelivery.webhook_id == number)
    if state:
        statement = statement.where(WebhookDelivery.state == state)
    if before:
        statement = statement.where(WebhookDelivery.id < before)
    ordered = statement.order_by(WebhookDelivery.id.desc()).limit(limit)
    return [_delivery(row) for row in session.execute(ordered)]


def get_delivery(session: Session, hook: int, number: int) -> DeliveryRow:
    """A delivery of a webhook.

    Raises:
        DeliveryNotFound: the webhook has none with this number.
    """
    wanted = (WebhookDelivery.id == number, WebhookDelivery.webhook_id == hook)
    row = session.execute(select(*_DELIVERY).where(*wanted)).first()
    if row is None:
        raise DeliveryNotFound(f"webhook {hook} has no delivery {number}")
    return _delivery(row)


def find_due(session: Session, hook: int, now: datetime) -> DeliveryRow | None:
    """The message of a webhook to try now: a ping, else the oldest that is due; None if none is."""
    statement = select(*_DELIVERY).where(
        WebhookDelivery.webhook_id == hook,
        WebhookDelivery.state == DeliveryState.PENDING,
        WebhookDelivery.due_at <= now,
    )
    is_ping = WebhookDelivery.kind == MessageKind.PING
    row = session.execute(statement.order_by(is_ping.desc(), WebhookDelivery.id).limit(1)).first()
    return _delivery(row) if row else None


def find_previous(session: Session, delivery: DeliveryRow) -> int | None:
    """The number of the message with changes before this one; None if it is kept no longer."""
    return session.scalar(
        select(func.max(WebhookDelivery.id)).where(
            WebhookDelivery.webhook_id == delivery.webhook_id,
            WebhookDelivery.kind == MessageKind.CHANGES,
            WebhookDelivery.id < delivery.id,
        )
    )


@dataclass(frozen=True, slots=True)
class Message:
    """A delivery with what it tells, as it is sent; ``previous`` is the one before it."""

    hook: HookRow
    delivery: DeliveryRow
    previous: int | None
    changes: tuple[ChangeRow, ...]


def _delivery(row: Any) -> DeliveryRow:
    """A delivery from a row of its columns."""
    values = dict(row._mapping)  # noqa: SLF001 - public in SQLAlchemy
    values["kind"] = MessageKind(values["kind"])
    values["state"] = DeliveryState(values["state"])
    values["fault"] = SendFault(values["fault"])
    return DeliveryRow(**values)


_DELIVERY = (
    WebhookDelivery.id,
    WebhookDelivery.webhook_id,
    WebhookDelivery.kind,
    WebhookDelivery.after,
    WebhookDelivery.position,
    WebhookDelivery.changes,
    WebhookDelivery.state,
    WebhookDelivery.attempts,
    WebhookDelivery.due_at,
    WebhookDelivery.status,
    WebhookDelivery.fault,
    WebhookDelivery.created_at,
    WebhookDelivery.finished_at,
)
_DEAD = (
    select(func.count())
    .where(
        WebhookDelivery.webhook_id == Webhook.id,
        WebhookDelivery.state == DeliveryState.DEAD,
        WebhookDelivery.kind == MessageKind.CHANGES,
    )
    .scalar_subquery()
)
_LAST = select(FeedCounter.last).where(FeedCounter.name == "change").scalar_subquery()
_SELECT: Select[Any] = (
    select(
        Webhook,
        Client.name,
        Client.division.label("managed_in"),
        WebhookProgress,
        (_LAST - WebhookProgress.position).label("behind"),
        _DEAD.label("dead"),
        (Webhook.former_until > text("clock_timestamp()")).label("overlaps"),
    )
    .join(Client, Client.id == Webhook.client_id)
    .join(WebhookProgress, WebhookProgress.webhook_id == Webhook.id)
    .execution_options(populate_existing=True)
)


def _hook(row: Any) -> HookRow:
    held, client, managed_in, progress, behind, dead, overlaps = row
    seeds = [SecretSeed(held.salt, held.key_id)]
    if overlaps:
        seeds.append(SecretSeed(held.former_salt, held.former_key_id))
    return HookRow(
        id=held.id,
        client_id=held.client_id,
        client=client,
        managed_in=managed_in,
        url=held.url,
        subjects=tuple(held.subjects),
        division=held.division,
        area=held.area,
        state=HookState(held.state),
        stopped_because=held.stopped_because,
        seeds=tuple(seeds),
        created_at=held.created_at,
        version=held.version,
        position=progress.position,
        behind=max(behind, 0),
        failing_since=progress.failing_since,
        delivered_at=progress.delivered_at,
        dead=dead,
    )
