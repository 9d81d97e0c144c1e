"""Runs as the API shows them."""

from datetime import datetime

from pydantic import BaseModel, Field

from service.runs.queries import RunRow
from service.runs.states import RunState


class RunOut(BaseModel):
    """One piece of bulk work and how far it is."""

    id: int = Field(description="The number of the run.", examples=[42])
    kind: str = Field(description="What it does.", examples=["plates:batch"])
    state: RunState = Field(description="Its state.", examples=["running"])
    reason: str = Field(description="Why it stopped, where it did.", examples=[""])
    done: int = Field(description="Rows of work done.", examples=[250])
    total: int = Field(description="Rows of work in all.", examples=[500])
    share: float = Field(description="How much is done, 0 to 1.", examples=[0.5])
    result: dict[str, object] = Field(
        description="What it found; its members depend on the kind.", examples=[{"plates": 250}]
    )
    created_at: datetime = Field(
        description="When it was asked for.", examples=["2026-11-01T10:00:00Z"]
    )
    started_at: datetime | None = Field(
        description="When a worker began.", examples=["2026-11-01T10:00:02Z"]
    )
    finished_at: datetime | None = Field(description="When it ended.", examples=[None])

    @classmethod
    def of(cls, run: RunRow) -> "RunOut":
        """Show one run."""
        return cls(
            id=run.id,
            kind=run.kind,
            state=run.state,
            reason=run.reason,
            done=run.done,
            total=run.total,
            share=round(run.share, 4),
            result=run.result,
            created_at=run.created_at,
            started_at=run.started_at,
            finished_at=run.finished_at,
        )
