"""A list that a program has sent, as the API shows it."""

from datetime import datetime

from pydantic import BaseModel, Field

from address_model.approvals import DECISION_NAMES, Decision
from service.approvals.queries import ApprovalRow
from service.imports.uploads.queries import UploadRow
from service.imports.uploads.states import STATE_NAMES, UploadState


class ImportOut(BaseModel):
    """A list of addresses and how far it has come."""

    id: int = Field(description="The number of the import.", examples=[12])
    state: UploadState = Field(
        description="read, checking, checked, awaiting (a second person at the desk), storing, "
        "stored, or abandoned",
        examples=["checking"],
    )
    state_name: str = Field(description="The state in Chinese.", examples=["正在核对"])
    division: str = Field(
        description="The division that its rows may lie in; empty: anywhere.",
        examples=["330102000000"],
    )
    source: str = Field(description="What its rows come from.", examples=["竣工备案"])
    columns: dict[str, str] = Field(
        description="The columns that were understood, by heading.", examples=[{"地址": "text"}]
    )
    counts: dict[str, int] = Field(
        description="Addresses that are new, changed, same or waiting for an answer about a name; "
        "rows in conflict and with errors. Empty until it was checked.",
        examples=[{"new": 240, "same": 8, "error": 2}],
    )
    notes: list[str] = Field(description="What was taken with reservations.", examples=[[]])
    stopped: str = Field(description="Why it stopped midway, if it did.", examples=[""])
    decision: str = Field(
        description="What a second person decided: 待审批, 已批准, 已退回; empty: none was asked.",
        examples=[""],
    )
    decision_reason: str = Field(description="Why it was sent back.", examples=[""])
    run: int | None = Field(description="The run that last checked or stored it.", examples=[42])
    created_at: datetime = Field(description="When it was sent.", examples=["2026-11-01T10:00:00Z"])

    @classmethod
    def of(cls, upload: UploadRow, asked: ApprovalRow | None = None) -> "ImportOut":
        """Show a list, with the last request for approval."""
        stopped = upload.result.get("stopped", {})
        return cls(
            id=upload.id,
            state=upload.state,
            state_name=STATE_NAMES[upload.state],
            division=upload.division,
            source=upload.declared.source,
            columns=upload.reading.get("fields", {}),
            counts=upload.result.get("counts", {}),
            notes=upload.result.get("notes", []),
            stopped=stopped.get("why", ""),
            decision=DECISION_NAMES[Decision(asked.decision)] if asked else "",
            decision_reason=asked.reason if asked else "",
            run=upload.run_id,
            created_at=upload.created_at,
        )
