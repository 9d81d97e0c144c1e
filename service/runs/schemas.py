"""Runs as the API shows them."""

from datetime import datetime

from pydantic import BaseModel, Field

from service.runs.queries import RunRow, RunState


class RunOut(BaseModel):
    """A run and its progress."""

    id: int = Field(description="The number of the run.", examples=[42])
    kind: str = Field(description="The kind of work.", examples=["plates:batch"])
    state: RunState = Field(description="Its state.", examples=["running"])
    reason: str = Field(description="Why it stopped, if it did.", examples=[""])
    done: int = Field(description="Rows of work done.", examples=[250])
    total: int = Field(description="Rows of work in total.", examples=[500])
    share: float = Field(description="The fraction done, 0 to 1.", examples=[0.5])
    result: dict[str, object] = Field(
        description="Its result; the members depend on the kind.", examples=[{"plates": 250}]
    )
    created_at: datetime = Field(
        description="When it was requested.", examples=["2026-11-01T10:00:00Z"]
    )
    started_at: datetime | None = Field(
        description="When a worker began.", examples=["2026-11-01T10:00:02Z"]
    )
    finished_at: datetime | None = Field(description="When it ended.", examples=[None])

    @classmethod
    def of(cls, run: RunRow) -> "RunOut":
        """From a row."""
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
