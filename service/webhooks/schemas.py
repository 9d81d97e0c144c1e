"""The API schemas of webhooks."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from service.changes.events import Subject
from service.core.fields import DivisionPrefix, Number, Question, Version
from service.webhooks.commands import HookDraft
from service.webhooks.queries import DeliveryRow, HookRow
from service.webhooks.states import DeliveryState, HookState, MessageKind, StopReason
from service.webhooks.targets import LONGEST_URL
from service.webhooks.transport import SendFault

HookUrl = Annotated[
    str,
    Field(
        min_length=1,
        max_length=LONGEST_URL,
        description="Where to send changes: https, a public host name, port 443.",
        examples=["https://hooks.department.example/menpai"],
    ),
]
HookSubjects = Annotated[
    list[Subject],
    Field(
        max_length=len(Subject),
        description="The kinds of records to be told of; none: all.",
        examples=[["address", "plate"]],
    ),
]
HookArea = Annotated[
    str,
    Field(
        pattern=r"^([a-z_]{1,32}:.{1,64})?$",
        description="An area (`kind:code`): changes of it, its duties, the addresses and plates in "
        "it, and of the links between addresses and areas in its division. Empty: no limit.",
        examples=["grid:WG-0102-003"],
    ),
]
HookSecret = Annotated[
    str,
    Field(
        description="Verifies `Menpai-Signature`; it is shown this once.",
        examples=["mws_q0BvVvZ2aYdB1u2bq5Yw0mXr3o8m1Q9sT4kJcN6pLfE"],
    ),
]


class HookIn(Question):
    """A webhook to register."""

    url: HookUrl
    subjects: HookSubjects = Field(default_factory=list)
    division: DivisionPrefix = ""
    area: HookArea = ""

    def to_draft(self) -> HookDraft:
        """As the command takes it."""
        return HookDraft(self.url, tuple(self.subjects), self.division, self.area)


class HookChange(Question):
    """What to change of a webhook; what is left out stays."""

    url: HookUrl | None = Field(
        None, description="Where it is sent to.", examples=["https://hooks.example.gov.cn/menpai"]
    )
    subjects: HookSubjects | None = Field(
        None, description="The kinds of records.", examples=[["address"]]
    )
    division: DivisionPrefix | None = Field(
        None, description="The division: its code or the beginning of it.", examples=["330102"]
    )
    area: HookArea | None = Field(
        None, description="The area in place of a division.", examples=[None]
    )
    state: Literal["active", "paused"] | None = Field(
        None, description="paused: nothing is sent; active: it goes on.", examples=["paused"]
    )

    def to_draft(self, held: HookRow) -> HookDraft | None:
        """The webhook as it is to be; None if only its state changes."""
        changed = self.model_dump(exclude={"state"}, exclude_none=True)
        if not changed:
            return None
        subjects = tuple(Subject(one) for one in changed.get("subjects", held.subjects))
        area = changed.get("area", held.area)
        kept = "" if held.area and not area else held.division
        return HookDraft(
            changed.get("url", held.url), subjects, changed.get("division", kept), area
        )


class HookOut(BaseModel):
    """A webhook and how far it is."""

    number: Number
    url: HookUrl
    subjects: HookSubjects
    division: DivisionPrefix
    area: HookArea
    state: HookState = Field(
        description="active, paused by people, or stopped by the sender", examples=["active"]
    )
    stopped_because: StopReason | None = Field(
        description="gone: the receiver answered 410; failing: it took nothing for ten days; "
        "forgotten: its changes are no longer kept.",
        examples=[None],
    )
    position: int = Field(description="It has been through the feed up to here.", examples=[4711])
    behind: int = Field(description="Changes that it has not been through yet.", examples=[0])
    dead: int = Field(
        description="Messages that were given up: see deliveries?state=dead.", examples=[0]
    )
    failing_since: datetime | None = Field(
        description="Since when every attempt has failed.", examples=[None]
    )
    delivered_at: datetime | None = Field(
        description="When a message was last taken.", examples=["2026-11-01T10:00:00Z"]
    )
    created_at: datetime = Field(
        description="When it was registered.", examples=["2026-11-01T10:00:00Z"]
    )
    version: Version

    @classmethod
    def of(cls, row: HookRow) -> "HookOut":
        """From a row."""
        values = {name: getattr(row, name) for name in cls.model_fields if name != "number"}
        values["stopped_because"] = row.stopped_because or None
        return cls(number=row.id, **values)


class HookMade(BaseModel):
    """A new webhook, with its secret."""

    webhook: HookOut = Field(description="The webhook.")
    secret: HookSecret


class SecretMade(BaseModel):
    """A new secret of a webhook."""

    secret: HookSecret
    former_until: datetime = Field(
        description="Until then the former secret signs too.", examples=["2026-11-02T10:00:00Z"]
    )


class DeliveryQueued(BaseModel):
    """A message that is to be sent; its end is seen in the list of deliveries."""

    delivery: Number


class DeliveryOut(BaseModel):
    """One message to a webhook; what it told is in the feed after ``after``, up to ``position``."""

    delivery: Number
    kind: MessageKind = Field(description="changes, or ping for a try", examples=["changes"])
    after: int = Field(description="It tells of the feed after this position.", examples=[4700])
    position: int = Field(description="It tells of the feed up to here.", examples=[4711])
    changes: int = Field(description="How many changes it tells.", examples=[3])
    state: DeliveryState = Field(
        description="pending, delivered, or dead: given up", examples=["delivered"]
    )
    attempts: int = Field(description="How often it was tried.", examples=[1])
    due_at: datetime | None = Field(
        description="When it is tried next; null if it is not.", examples=[None]
    )
    status: int | None = Field(description="Status of the last answer.", examples=[204])
    fault: SendFault = Field(
        description="What went wrong at the last attempt; empty: nothing.", examples=[""]
    )
    created_at: datetime = Field(description="When it was made.", examples=["2026-11-01T10:00:00Z"])
    finished_at: datetime | None = Field(
        description="When it was taken or given up.", examples=["2026-11-01T10:00:01Z"]
    )

    @classmethod
    def of(cls, row: DeliveryRow) -> "DeliveryOut":
        """From a row."""
        values = {name: getattr(row, name) for name in cls.model_fields if name != "delivery"}
        values["due_at"] = row.due_at if row.state is DeliveryState.PENDING else None
        return cls(delivery=row.id, **values)
