"""Response models of the change feed."""

from datetime import datetime

from pydantic import BaseModel, Field

from service.changes.events import Action, Subject


class ChangeOut(BaseModel):
    """One change of a record; read its current state by its key."""

    position: int = Field(description="Its position in the feed; without gaps.", examples=[4711])
    subject: Subject = Field(description="The kind of record.", examples=["address"])
    key: str = Field(
        description="The key of the record: a code, a token, a number.",
        examples=["3301029032882641"],
    )
    action: Action = Field(description="What happened to it.", examples=["changed"])
    version: int | None = Field(description="Version of the record after the change.", examples=[3])
    division: str = Field(description="12 digits.", examples=["330102001000"])
    at: datetime = Field(description="When it was committed.", examples=["2026-11-01T10:00:00Z"])
    left_division: str = Field(
        description="The division that the record lay in before, if it has moved; else empty.",
        examples=[""],
    )


class ChangeList(BaseModel):
    """Changes in commit order; ``next`` is the position from which to continue."""

    changes: list[ChangeOut] = Field(description="In commit order.", examples=[[]])
    count: int = Field(
        description="How many changes this page has; a reader who got fewer asks again.",
        examples=[0],
    )
    next: int = Field(description="Send it as `after` to continue.", examples=[4712])
