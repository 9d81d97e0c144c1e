"""Runs as the API shows them."""

from datetime import datetime

from pydantic import BaseModel

from service.runs.queries import RunRow


class RunOut(BaseModel):
    """One piece of bulk work and how far it is."""

    id: int
    kind: str
    state: str
    reason: str
    done: int
    total: int
    share: float
    result: dict[str, object]
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

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
