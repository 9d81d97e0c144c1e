"""Reads uploaded lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, String, cast, func, or_, select
from sqlalchemy.orm import Session

from address_model.approvals import ApprovalKind
from address_model.coordinates import CoordinateSystem
from address_model.division_codes import division_prefix
from address_model.tables import Client, ListUpload, StaffAccount
from service.approvals.drafts import digest_lines
from service.approvals.queries import latest_of
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core.actor import Actor
from service.core.database import LARGEST_NUMBER
from service.core.errors import NotFound
from service.core.records import Record
from service.imports.uploads.states import QUICK_ROWS, STATE_NAMES, Declared, UploadState

_AUTHOR = func.coalesce(StaffAccount.name, Client.name)


class UploadNotFound(NotFound):
    """There is no such uploaded list."""


@dataclass(frozen=True, slots=True)
class UploadRow:
    """One uploaded list; ``account`` is the name of the person or program that sent it."""

    id: int
    account: str
    division: str
    file_name: str
    size: int
    state: UploadState
    declared: Declared
    reading: dict[str, Any]
    result: dict[str, Any]
    corrections: dict[int, dict[str, str] | None]
    """Corrected cells by row number and heading; None for a row that was taken out."""
    run_id: int | None
    client_id: int | None
    sha256: str
    created_at: datetime
    updated_at: datetime
    version: int

    @property
    def reach(self) -> str:
        """The beginning of the codes of all divisions that its rows may lie in."""
        return division_prefix(self.division) if self.division else ""

    @property
    def digest(self) -> str:
        """The SHA-256, in hex, of all that decides what is stored: file, mapping, corrections."""
        declared = self.declared
        lines = (self.sha256, self.division, declared.sheet, declared.heading)
        system = (declared.system, declared.source)
        corrections = sorted(self.corrections.items())
        return digest_lines([*lines, *system, sorted(declared.columns.items()), corrections])

    @property
    def is_long(self) -> bool:
        """Whether it is checked and stored by a run; of such a list not all rows are counted."""
        return int(self.reading.get("rows", 0)) > QUICK_ROWS

    @property
    def record(self) -> Record:
        """The list as its editor sees it."""
        facts = {"状态": STATE_NAMES[self.state], "文件": self.file_name}
        return Record("imports", str(self.id), f"导入第 {self.id} 号", self.version, facts)


class UploadLine(NamedTuple):
    """One uploaded list in a list of them; ``counts`` are None until it was checked."""

    id: int
    account: str
    division: str
    file_name: str
    state: str
    rows: int
    counts: dict[str, int] | None
    created_at: datetime


def list_uploads(
    session: Session, *, scopes: Sequence[str], before: int = 0, limit: int = 50
) -> list[UploadLine]:
    """Uploaded lists of divisions that begin with any of ``scopes``, newest first."""
    statement = _lines(scopes).limit(limit)
    if before:
        statement = statement.where(ListUpload.id < min(before, LARGEST_NUMBER))
    return [UploadLine(*found) for found in session.execute(statement)]


def list_open_uploads(
    session: Session, *, scopes: Sequence[str], limit: int = 50
) -> list[UploadLine]:
    """As ``list_uploads``, those that are neither stored nor abandoned."""
    ended = (UploadState.STORED, UploadState.ABANDONED)
    statement = _lines(scopes).where(ListUpload.state.not_in(ended)).limit(limit)
    return [UploadLine(*found) for found in session.execute(statement)]


def _lines(scopes: Sequence[str]) -> Select[*tuple[Any, ...]]:
    within = or_(*(ListUpload.division.startswith(scope, autoescape=True) for scope in scopes))
    held = ListUpload.result["rows"].as_integer(), ListUpload.reading["rows"].as_integer()
    rows = func.coalesce(*held, 0)
    shown = (ListUpload.division, ListUpload.file_name, ListUpload.state, rows)
    counts = ListUpload.result["counts"]  # without the rows, of which there may be thousands
    return (
        select(ListUpload.id, _AUTHOR, *shown, counts, ListUpload.created_at)
        .outerjoin(StaffAccount, StaffAccount.id == ListUpload.account_id)
        .outerjoin(Client, Client.id == ListUpload.client_id)
        .where(within)
        .order_by(ListUpload.id.desc())
    )


def list_uploads_to_approve(
    session: Session, account_id: int, *, scopes: Sequence[str], limit: int = 50
) -> list[UploadLine]:
    """As ``list_uploads``, those that other people submitted for approval."""
    latest = latest_of(ApprovalKind.LIST_UPLOAD, cast(ListUpload.id, String))
    statement = (
        _lines(scopes)
        .join(latest, latest.c.author_id.is_distinct_from(account_id))
        .where(ListUpload.state == UploadState.AWAITING_APPROVAL)
        .limit(limit)
    )
    return [UploadLine(*found) for found in session.execute(statement)]


def see_upload(
    session: Session,
    upload_id: int,
    member: StaffMember,
    permission: Permission = Permission.ADDRESSES_WRITE,
) -> UploadRow:
    """An uploaded list of the person's divisions; any other is reported as not found.

    Raises:
        UploadNotFound: there is none, or this person has not the permission in its division.
    """
    found = get_upload(session, upload_id)
    if not may(member, permission, found.division):
        raise _not_found(upload_id)
    return found


def see_upload_of_program(session: Session, upload_id: int, actor: Actor) -> UploadRow:
    """A list that this program has sent; any other is reported as not found.

    Raises:
        UploadNotFound: there is none.
    """
    found = get_upload(session, upload_id)
    if found.client_id is None or found.account != actor.name or actor.kind != "client":
        raise _not_found(upload_id)
    return found


def get_upload(session: Session, upload_id: int) -> UploadRow:
    """An uploaded list, whoever asks.

    Raises:
        UploadNotFound: there is none.
    """
    found = None
    if 0 < upload_id <= LARGEST_NUMBER:
        statement = (
            select(ListUpload, _AUTHOR)
            .outerjoin(StaffAccount, StaffAccount.id == ListUpload.account_id)
            .outerjoin(Client, Client.id == ListUpload.client_id)
            .where(ListUpload.id == upload_id)
        )
        found = session.execute(statement).one_or_none()
    if found is None:
        raise _not_found(upload_id)
    held, account = found
    declared = Declared(
        held.sheet,
        held.heading,
        {column: str(name) for column, name in held.columns.items()},
        CoordinateSystem(held.crs),
        held.source,
    )
    return UploadRow(
        held.id,
        account,
        held.division,
        held.file_name,
        held.size,
        UploadState(held.state),
        declared,
        held.reading,
        held.result,
        {int(number): cells for number, cells in held.corrections.items()},  # type: ignore[misc]
        held.run_id,
        held.client_id,
        held.sha256,
        held.created_at,
        held.updated_at,
        held.version,
    )


def _not_found(upload_id: int) -> UploadNotFound:
    return UploadNotFound(f"there is no import {upload_id}", zh=f"没有第 {upload_id} 号导入。")
