"""Batches as the API shows them."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from pydantic import BaseModel, Field

from service.plates.files import PlateFile
from service.plates.payload_host import PayloadHost
from service.plates.queries.batches import BatchRow
from service.plates.wishes import PER_FILE, BatchWish, Choice, Make
from service.plates.wording import AUTO
from service.runs.queries import RunRow


class BatchIn(BaseModel):
    """A batch as it is asked for over the API."""

    name: str = Field(min_length=1, max_length=200)
    division: str = Field(default="", pattern=r"^\d{0,12}$")
    street: str = Field(default="", max_length=100)
    codes: list[str] = Field(default_factory=list, max_length=10_000)
    statuses: list[str] = Field(default_factory=lambda: ["active"], max_length=4)
    design: str = Field(default=AUTO, max_length=32)
    sheet_width_mm: float = Field(default=0.0, ge=0, le=5000)
    sheet_height_mm: float = Field(default=0.0, ge=0, le=5000)
    margin_mm: float = Field(default=15.0, ge=0, le=500)
    gap_mm: float = Field(default=6.0, ge=0, le=500)
    marks: bool = False
    plates_per_file: int = Field(default=PER_FILE, ge=1, le=2000)
    reprint_reason: str = Field(default="", max_length=500)
    trial: bool = Field(
        default=False, description="Only to try (试印): any host will do, the plates say so."
    )

    def wish(self, host: PayloadHost, authority: str) -> BatchWish:
        """What is asked for, with what the operator has set."""
        choice = Choice(
            division=self.division,
            street=self.street,
            codes=tuple(self.codes),
            statuses=tuple(self.statuses),
            reprint=bool(self.reprint_reason.strip()),
        )
        make = Make(
            width=self.sheet_width_mm,
            height=self.sheet_height_mm,
            margin=self.margin_mm,
            gap=self.gap_mm,
            marks=self.marks,
            per_file=self.plates_per_file,
            authority=authority,
        )
        return BatchWish(
            self.name,
            host.prefix,
            self.design,
            choice,
            make,
            self.reprint_reason,
            host.is_trial,
        )


class BatchOut(BaseModel):
    """One batch and how far it is; `opens` is what a browser shows after a scan."""

    id: int
    name: str
    status: str
    reason: str
    design: str
    trial: bool
    opens: str
    division: str
    plates: int
    left_out: int
    author: str
    approver: str
    approved_at: datetime | None
    run: int | None
    maker: str
    handed_over_at: datetime | None
    received_at: datetime | None
    reprint_reason: str
    sent_back: str
    submitted_at: datetime | None
    created_at: datetime
    version: int

    @classmethod
    def of(cls, row: BatchRow) -> "BatchOut":
        """Show one batch."""
        return cls(
            id=row.id,
            name=row.name,
            status=row.status,
            reason=row.reason,
            design=row.design,
            trial=row.is_trial,
            opens=row.opens,
            division=row.division,
            plates=row.plates,
            left_out=row.left_out,
            author=row.author,
            approver=row.approver,
            approved_at=row.approved_at,
            run=row.run_id,
            maker=row.maker,
            handed_over_at=row.handed_over_at,
            received_at=row.received_at,
            reprint_reason=row.reprint_reason,
            sent_back=row.sent_back,
            submitted_at=row.submitted_at,
            created_at=row.created_at,
            version=row.version,
        )


class BatchProgressOut(BaseModel):
    """One batch with the state of its run, and how much of it is done (0 to 1)."""

    batch: BatchOut
    run_state: str | None
    share: float

    @classmethod
    def of_run(cls, row: BatchRow, run: RunRow | None) -> "BatchProgressOut":
        """Show a batch with its run, if it was started."""
        share = round(run.share, 4) if run else 0.0
        return cls(batch=BatchOut.of(row), run_state=run.state if run else None, share=share)


class BatchFileOut(BaseModel):
    """One file of plates as it was proven; `sha256` is of the bytes its symbols were read from."""

    name: str
    plates: int
    pages: int
    bytes: int
    sha256: str

    @classmethod
    def of(cls, file: PlateFile) -> "BatchFileOut":
        """Show one file."""
        return cls(**asdict(file))


class RefusedCode(BaseModel):
    """A code of the list that is not in the batch, and why."""

    code: str
    reason: str


class ChosenOut(BaseModel):
    """A batch that was chosen, and what of the list is not in it."""

    batch: BatchOut
    refused: list[RefusedCode]

    @classmethod
    def of(cls, row: BatchRow, refused: Sequence[tuple[str, str]]) -> "ChosenOut":
        """Show what was chosen."""
        told = [RefusedCode(code=code, reason=reason) for code, reason in refused]
        return cls(batch=BatchOut.of(row), refused=told)
