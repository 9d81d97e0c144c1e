"""Batches as the API shows them."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from pydantic import BaseModel, Field

from address_model.lifecycle import BatchStatus
from service.batches.files import PlateFile
from service.batches.queries.batches import BatchRow
from service.batches.queries.outdated_plates import OutdatedPlate
from service.batches.request import PER_FILE, BatchRequest, PrintOptions, Selection
from service.core.fields import Question, Version
from service.plates.payload_host import PayloadHost
from service.plates.print_content import AUTO
from service.runs.queries import RunRow, RunState


class BatchIn(Question):
    """The request for a new batch."""

    name: str = Field(
        min_length=1, max_length=200, description="What it is called.", examples=["河坊街第一批"]
    )
    division: str = Field(
        default="",
        pattern=r"^\d{0,12}$",
        description="Addresses of this division (a code or its beginning).",
        examples=["330102"],
    )
    street: str = Field(
        default="", max_length=100, description="Addresses of this street.", examples=["河坊街"]
    )
    codes: list[str] = Field(
        default_factory=list,
        max_length=10_000,
        description="Addresses by code.",
        examples=[["3301029032882641"]],
    )
    statuses: list[str] = Field(
        default_factory=lambda: ["active"],
        max_length=4,
        description="Addresses in these states.",
        examples=[["active"]],
    )
    design: str = Field(
        default=AUTO,
        max_length=32,
        description="The design of the plates; auto chooses by address.",
        examples=["auto"],
    )
    sheet_width_mm: float = Field(
        default=0.0,
        ge=0,
        le=5000,
        description="Width of a sheet in mm; 0: one plate per page.",
        examples=[600],
    )
    sheet_height_mm: float = Field(
        default=0.0,
        ge=0,
        le=5000,
        description="Height of a sheet in mm; 0: one plate per page.",
        examples=[400],
    )
    margin_mm: float = Field(
        default=15.0, ge=0, le=500, description="Margin of a sheet in mm.", examples=[15]
    )
    gap_mm: float = Field(
        default=6.0, ge=0, le=500, description="Gap between plates in mm.", examples=[6]
    )
    marks: bool = Field(False, description="Whether crop marks are printed.", examples=[False])
    plates_per_file: int = Field(
        default=PER_FILE, ge=1, le=2000, description="Plates per file, at most.", examples=[500]
    )
    reprint_reason: str = Field(
        default="",
        max_length=500,
        description="Why addresses that have a plate get another; makes it a reprint.",
        examples=[""],
    )
    trial: bool = Field(
        default=False,
        description="A trial (试印): any host is accepted, and the plates say so.",
        examples=[False],
    )

    def to_request(self, host: PayloadHost, authority: str) -> BatchRequest:
        """The request, with the host and authority that the operator has set."""
        choice = Selection(
            division=self.division,
            street=self.street,
            codes=tuple(self.codes),
            statuses=tuple(self.statuses),
            reprint=bool(self.reprint_reason.strip()),
        )
        make = PrintOptions(
            width=self.sheet_width_mm,
            height=self.sheet_height_mm,
            margin=self.margin_mm,
            gap=self.gap_mm,
            marks=self.marks,
            per_file=self.plates_per_file,
            authority=authority,
        )
        return BatchRequest(
            self.name,
            host.prefix,
            self.design,
            choice,
            make,
            self.reprint_reason,
            host.is_trial,
        )


class BatchOut(BaseModel):
    """One batch and its progress."""

    id: int = Field(description="The number of the batch.", examples=[17])
    name: str = Field(description="What it is called.", examples=["河坊街第一批"])
    status: BatchStatus = Field(description="The state of the batch.", examples=["draft"])
    reason: str = Field(description="Why it is blocked; else empty.", examples=[""])
    design: str = Field(
        description="The design of its plates; auto chooses by address.", examples=["auto"]
    )
    trial: bool = Field(description="Whether it is a trial (试印).", examples=[False])
    opens: str = Field(
        description="The address that a browser shows after a scan.",
        examples=["dz.example.gov.cn/…"],
    )
    division: str = Field(
        description="The common prefix of the divisions of its addresses.",
        examples=["330102"],
    )
    plates: int = Field(description="How many addresses its list has.", examples=[555])
    left_out: int = Field(description="How many of them were left out.", examples=[0])
    author: str = Field(description="The account that created it.", examples=["demo-officer"])
    approver: str = Field(description="The account that approved it.", examples=["demo-approver"])
    approved_at: datetime | None = Field(
        description="When it was approved.", examples=["2026-11-01T10:00:00Z"]
    )
    run: int | None = Field(
        description="The run that makes it; see GET /runs/{run_id}.", examples=[42]
    )
    maker: str = Field(description="The maker of the plates.", examples=["某标牌厂"])
    handed_over_at: datetime | None = Field(
        description="When it was handed over to the maker.", examples=[None]
    )
    received_at: datetime | None = Field(
        description="When the finished plates arrived.", examples=[None]
    )
    reprint_reason: str = Field(description="Why the plates are made again.", examples=["褪色"])
    sent_back: str = Field(description="Why it was sent back.", examples=[""])
    submitted_at: datetime | None = Field(
        description="When it was submitted.", examples=["2026-10-31T10:00:00Z"]
    )
    created_at: datetime = Field(
        description="When it was created.", examples=["2026-10-30T10:00:00Z"]
    )
    version: Version

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


class OutdatedPlateOut(BaseModel):
    """A plate in the files of a batch that differs from the register, and why."""

    token: str = Field(description="The token of the plate.", examples=["7K3M9QX2TB"])
    reason: str = Field(
        description="How it differs, in Chinese.", examples=["地址已终止（消亡）：拆除"]
    )


class BatchProgressOut(BaseModel):
    """One batch with the state and progress of its run, and what is outdated in its files."""

    batch: BatchOut = Field(description="The batch.")
    run_state: RunState | None = Field(description="The state of its run.", examples=["running"])
    share: float = Field(description="The share that is done, 0 to 1.", examples=[0.5])
    outdated: list[OutdatedPlateOut] = Field(
        description="Plates in its files that differ from the register.", examples=[[]]
    )

    @classmethod
    def of_run(
        cls, row: BatchRow, run: RunRow | None, outdated: Sequence[OutdatedPlate]
    ) -> "BatchProgressOut":
        """Show a batch with its run, if it was started."""
        return cls(
            batch=BatchOut.of(row),
            run_state=run.state if run else None,
            share=round(run.share, 4) if run else 0.0,
            outdated=[OutdatedPlateOut(token=one.token, reason=one.why) for one in outdated],
        )


class BatchFileOut(BaseModel):
    """One file of plates; `sha256` is of the bytes that its QR codes were read back from."""

    name: str = Field(description="The name of the file.", examples=["001.pdf"])
    plates: int = Field(description="How many plates it has.", examples=[500])
    pages: int = Field(description="How many pages it has.", examples=[50])
    bytes: int = Field(description="Its size in bytes.", examples=[1048576])
    sha256: str = Field(
        description="SHA-256 of its bytes, in hex.",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )

    @classmethod
    def of(cls, file: PlateFile) -> "BatchFileOut":
        """Show one file."""
        return cls(**asdict(file))


class RefusedCode(BaseModel):
    """A code in the request that is not in the batch, and why."""

    code: str = Field(description="The code as it was sent.", examples=["3301029032882641"])
    reason: str = Field(description="Why it is not in the batch.", examples=["已有门牌"])


class ChosenOut(BaseModel):
    """A new batch, and the codes in the request that are not in it."""

    batch: BatchOut = Field(description="The batch.")
    refused: list[RefusedCode] = Field(description="The codes that are not in it.", examples=[[]])

    @classmethod
    def of(cls, row: BatchRow, refused: Sequence[tuple[str, str]]) -> "ChosenOut":
        """Show a new batch."""
        codes = [RefusedCode(code=code, reason=reason) for code, reason in refused]
        return cls(batch=BatchOut.of(row), refused=codes)
