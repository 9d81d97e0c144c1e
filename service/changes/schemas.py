"""What programs read of the change feed."""

from datetime import datetime

from pydantic import BaseModel, Field

from service.changes.events import Action, Subject


class ChangeOut(BaseModel):
    """One change of one record; what the record is now is read by its key."""

    position: int
    subject: Subject
    key: str
    action: Action
    version: int | None = Field(description="Version of the record after the change.")
    division: str = Field(description="12 digits.")
    at: datetime


class ChangeList(BaseModel):
    """Changes in commit order; ``next`` is the position from which to go on."""

    changes: list[ChangeOut]
    next: int
