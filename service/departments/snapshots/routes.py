"""Snapshots of registers over the API, for departments that keep a copy."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import Field

from service.auth.grants import Program
from service.auth.guards import granted, tally_of
from service.auth.permissions import Permission
from service.auth.usage import GrantedCall
from service.changes.events import Subject
from service.changes.queries import get_last_position
from service.core.errors import BadRequest, NotAcceptable, NotAllowed
from service.core.fields import DivisionPrefix
from service.core.media_types import choose_media_type
from service.core.problems import raises
from service.core.web import StandbySession, database_of
from service.departments.snapshots.copied_register import RegisterName
from service.departments.snapshots.copy_forms import CopyForm, CopyFormat, TableForm
from service.departments.snapshots.geo_parquet import ParquetForm
from service.departments.snapshots.policies import narrow
from service.departments.snapshots.queries import open_copy, read_digests
from service.departments.snapshots.registers import COPIED
from service.departments.snapshots.schemas import DigestList, RegisterList, RegisterOut
from service.departments.snapshots.statements import CopyStatement, RowChoice

router = APIRouter(prefix="/snapshots", tags=["changes"])
MOST_KEYS, MOST_BUCKETS = 250, 400
POSITION_HEADER = "Menpai-Position"
_READ = Permission.CHANGES_READ

_FORMS = {
    CopyFormat.LINES: CopyForm,
    CopyFormat.TABLE: TableForm,
    CopyFormat.PARQUET: ParquetForm,
}
Follower = Annotated[Program, granted(_READ)]

Register = Annotated[
    RegisterName, Path(description="A register: see /snapshots.", examples=["addresses"])
]
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The rows, as they come; broken off, the copy goes on with `after`.",
        "content": {form.value: {"schema": {"type": "string"}} for form in CopyFormat},
        "headers": {
            POSITION_HEADER: {
                "description": "The position of the change feed that it is true for.",
                "schema": {"type": "integer"},
            }
        },
    }
}


@dataclass(frozen=True, slots=True)
class CopyQuery:
    """Which rows of a register are asked for."""

    division: DivisionPrefix = ""
    after: Annotated[
        str,
        Query(
            max_length=120,
            description="Only rows behind this key: to go on with a copy that broke off.",
            examples=["3301029032882641"],
        ),
    ] = ""
    subject: Annotated[
        Subject | None,
        Query(description="With `key`: the kind of records that changed.", examples=["address"]),
    ] = None
    key: Annotated[
        tuple[Annotated[str, Field(max_length=120)], ...],
        Query(
            max_length=MOST_KEYS,
            description="Only rows of these records; may be repeated.",
            examples=[["3301029032882641"]],
        ),
    ] = ()
    bucket: Annotated[
        tuple[Annotated[str, Field(pattern="^[0-9a-f]{3}$")], ...],
        Query(
            max_length=MOST_BUCKETS,
            description="Only rows of these buckets; may be repeated.",
            examples=[["3f2"]],
        ),
    ] = ()


@router.get("", operation_id="listSnapshots")
def list_snapshots(
    session: StandbySession, program: Follower, division: DivisionPrefix = ""
) -> RegisterList:
    """The registers that can be copied, with the columns you may see, and what changes them."""
    reaches = narrow(program.viewer(_READ).reaches or (), division)
    statements = [CopyStatement(one, reaches) for one in COPIED.values()]
    found = [RegisterOut.of(one) for one in statements if one.reaches]
    return RegisterList(registers=found, position=get_last_position(session))


@router.get("/{register}/digests", operation_id="listDigests")
def list_digests(
    request: Request, program: Follower, register: Register, division: DivisionPrefix = ""
) -> DigestList:
    """Digests of the rows you may see, to find out where a copy differs."""
    statement = _statement_for(program, register, division)
    return DigestList.of(read_digests(database_of(request), statement))


@router.get(
    "/{register}",
    operation_id="readSnapshot",
    responses=_ANSWER | raises(NotAcceptable),
    response_class=StreamingResponse,
)
def read_snapshot(
    request: Request,
    program: Follower,
    register: Register,
    asked: Annotated[CopyQuery, Depends()],
    accept: Annotated[str, Header(max_length=1000, include_in_schema=False)] = "",
) -> StreamingResponse:
    """A register as it is now, from one snapshot: lines of JSON, CSV or GeoParquet by `Accept`.

    The first line of JSON names the position and the columns, as does the metadata of Parquet
    (`menpai_position`). Rows are in the order of their key.
    """
    statement = _statement_for(program, register, asked.division)
    follows = statement.register.follows
    if asked.key and asked.subject not in follows:
        raise BadRequest(
            "key: the subject says which records are meant",
            hint=f"send subject, one of {', '.join(follows)}",
        )
    column = follows[asked.subject] if asked.key and asked.subject else ""
    choice = RowChoice(column, tuple(asked.key), tuple(asked.bucket), asked.after)
    media_type = choose_media_type(accept, tuple(CopyFormat))
    form = _FORMS[media_type]()
    call, tally = GrantedCall.of(program, "readSnapshot", _READ), tally_of(request)
    count = partial(call.count, tally, calls=0)  # the call itself is counted with its answer
    copy = open_copy(database_of(request), statement, choice, form, count)
    headers = {POSITION_HEADER: str(copy.position)}
    return StreamingResponse(copy.parts, media_type=media_type.value, headers=headers)


def _statement_for(program: Program, register: RegisterName, division: str) -> CopyStatement:
    """The statement for a register as far as the program may copy it.

    Raises:
        NotAllowed: it may copy nothing of it there.
    """
    reaches = narrow(program.viewer(_READ).reaches or (), division)
    statement = CopyStatement(COPIED[register], reaches)
    if not statement.reaches:
        raise NotAllowed(
            f"nothing of {register} may be copied there",
            hint="ask the operator for a grant of that division and class of fields",
        )
    return statement
