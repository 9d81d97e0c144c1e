"""Writes what becomes of each row of an uploaded list, while it is checked or stored."""

from collections import Counter
from collections.abc import Callable, Sequence

import orjson
from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from address_model.tables import ListUploadRow
from service.imports.decisions import Decisions, PlacedRow
from service.imports.row_log import LoggedRow, RowOutcome, list_outcomes
from service.imports.uploads.queries.rows import REFUSED
from service.imports.uploads.refused_rows import RefusedRow

_KEEP = text(
    "insert into list_upload_row (upload_id, number, part, outcome, text, code, is_stored) "
    "select :upload, v.number, v.part, v.outcome, v.text, v.code, :stored from unnest("
    "cast(:numbers as int[]), cast(:parts as int[]), cast(:outcomes as text[]), "
    "cast(:texts as text[]), cast(:codes as text[])) as v(number, part, outcome, text, code) "
    "on conflict (upload_id, number, part) do update set outcome = excluded.outcome, "
    "text = excluded.text, code = excluded.code, is_stored = excluded.is_stored "
    "where not list_upload_row.is_stored"
)
_KEEP_REFUSED = text(
    "insert into list_upload_row (upload_id, number, part, outcome, text, faults, cells) "
    "select :upload, v.number, :part, v.outcome, v.text, cast(v.faults as jsonb), "
    "cast(v.cells as jsonb) from unnest(cast(:numbers as int[]), cast(:outcomes as text[]), "
    "cast(:texts as text[]), cast(:faults as text[]), cast(:cells as text[])) "
    "as v(number, outcome, text, faults, cells) "
    "on conflict (upload_id, number, part) do update set outcome = excluded.outcome, "
    "text = excluded.text, faults = excluded.faults, cells = excluded.cells"
)


class UploadLog:
    """The rows of one uploaded list as they are checked, or stored (``is_stored``)."""

    def __init__(
        self, upload_id: int, *, is_stored: bool, advance: Callable[[int], None] = lambda _: None
    ) -> None:
        """``advance`` is told how many rows were read, or decided, before each chunk is kept."""
        self.upload_id, self.is_stored, self.advance = upload_id, is_stored, advance
        self._parts: Counter[int] = Counter()
        self.conflicts: set[int] = set()
        """The numbers of the rows that contradict the register or another row."""
        self.stored = 0
        """How many addresses were entered or changed."""

    def add(self, session: Session, decisions: Decisions, waiting: Sequence[PlacedRow]) -> None:
        """Keep the outcomes of a chunk, in the transaction that stores it."""
        kept: list[tuple[int, LoggedRow]] = []
        for one in list_outcomes(decisions, waiting):
            if one.outcome is RowOutcome.CONFLICT:
                self.conflicts.add(one.row)
                continue
            kept.append((self._parts[one.row], one))
            self._parts[one.row] += 1
        self.advance(len(kept))
        session.execute(
            _KEEP,
            {
                "upload": self.upload_id,
                "stored": self.is_stored,
                "numbers": [one.row for _, one in kept],
                "parts": [part for part, _ in kept],
                "outcomes": [one.outcome.value for _, one in kept],
                "texts": [one.text for _, one in kept],
                "codes": [one.code for _, one in kept],
            },
        )
        if self.is_stored:
            written = (RowOutcome.NEW, RowOutcome.CHANGED)
            self.stored += sum(one.outcome in written for _, one in kept)

    def keep_refused(self, session: Session, rows: Sequence[RefusedRow]) -> None:
        """Keep refused rows, with their faults and cells."""
        outcomes = [
            RowOutcome.CONFLICT if one.number in self.conflicts else RowOutcome.ERROR
            for one in rows
        ]
        session.execute(
            _KEEP_REFUSED,
            {
                "upload": self.upload_id,
                "part": REFUSED,
                "numbers": [one.number for one in rows],
                "outcomes": [one.value for one in outcomes],
                "texts": [one.words for one in rows],
                "faults": [orjson.dumps(one.faults).decode() for one in rows],
                "cells": [orjson.dumps(one.cells).decode() for one in rows],
            },
        )


def forget_rows(session: Session, upload_id: int, numbers: Sequence[int] | None = None) -> None:
    """Delete what a check found, of all rows or these; what is stored stays."""
    gone = delete(ListUploadRow).where(
        ListUploadRow.upload_id == upload_id, ListUploadRow.is_stored.is_(False)
    )
    if numbers is not None:
        gone = gone.where(ListUploadRow.number.in_(numbers))
    session.execute(gone)


def forget_unstored(session: Session, upload_id: int) -> None:
    """Delete the rows that a check would have stored, and storing did not."""
    session.execute(
        delete(ListUploadRow).where(
            ListUploadRow.upload_id == upload_id,
            ListUploadRow.is_stored.is_(False),
            ListUploadRow.outcome.in_((RowOutcome.NEW, RowOutcome.CHANGED, RowOutcome.WAITING)),
        )
    )


def count_stored(session: Session, upload_id: int) -> int:
    """How many addresses a list has entered or changed so far."""
    counted = select(func.count()).where(
        ListUploadRow.upload_id == upload_id,
        ListUploadRow.is_stored,
        ListUploadRow.outcome.in_((RowOutcome.NEW, RowOutcome.CHANGED)),
    )
    return int(session.execute(counted).scalar_one())
