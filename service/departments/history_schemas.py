"""API schemas of the history of an address."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from service.addresses.queries import PositionRow
from service.changes.events import Action
from service.core.fields import AddressCode, CodeText, may_be_absent
from service.departments.schemas import IdentifierOut, KinOut, NameOut, PlacedOut


class HistoricPositionOut(PlacedOut):
    """A typed position with its first and last day."""

    valid_to: date | None = Field(
        description="The day it was replaced or withdrawn; null while valid.", examples=[None]
    )

    @classmethod
    def of_row(cls, row: PositionRow) -> "HistoricPositionOut":
        """From a typed position."""
        return cls(**PlacedOut.of_row(row).model_dump(), valid_to=row.valid_to)


class HistoryEventOut(BaseModel):
    """One change of the address in the change feed."""

    position: int = Field(description="Its position in the feed.", examples=[4711])
    action: Action = Field(description="What happened to it.", examples=["corrected"])
    version: int | None = Field(description="Version of the address after it.", examples=[3])
    at: datetime = Field(description="When it was committed.", examples=["2026-11-01T10:00:00Z"])


class AddressHistory(BaseModel):
    """All that is kept with its day about an address, and a page of its changes.

    Fields that the grant of the program does not name are absent.
    """

    model_config = ConfigDict(json_schema_extra=may_be_absent)

    code: AddressCode
    code_text: CodeText
    registered_at: datetime = Field(
        description="When it was entered in this register.", examples=["2026-11-01T10:00:00Z"]
    )
    names: list[NameOut] = Field(
        description="Every text that it has or had, by the first day.", examples=[[]]
    )
    positions: list[HistoricPositionOut] = Field(
        description="Every typed position that it has or had; of its own point (代表点) only "
        "changes are kept, see `at`.",
        examples=[[]],
    )
    identifiers: list[IdentifierOut] = Field(
        description="Every identifier in another scheme.", examples=[[]]
    )
    predecessors: list[KinOut] = Field(
        description="The addresses that it took the place of.", examples=[[]]
    )
    successors: list[KinOut] = Field(
        description="The addresses that took its place, at the end of the chain.", examples=[[]]
    )
    events: list[HistoryEventOut] = Field(
        description="Its changes in commit order, as far as the feed is kept.", examples=[[]]
    )
    kept_since: datetime | None = Field(
        description="The time of the oldest change that the feed keeps; earlier ones are only in "
        "the dated records above.",
        examples=["2026-01-01T00:00:00Z"],
    )
    next: int | None = Field(
        description="Send it as `after` for the next changes; null on the last page.",
        examples=[None],
    )
