"""Addresses entered and changed by programs, one at a time."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from service.addresses import commands
from service.addresses.drafts import take_division
from service.addresses.json_view import is_seen
from service.addresses.queries import AddressRow, get_address, list_descendants
from service.addresses.schemas import AddressOut
from service.approvals.commands import hold_author
from service.auth.grants import Program
from service.auth.guards import granted
from service.auth.permissions import Permission
from service.core.database import Session
from service.core.errors import (
    AddressNotFound,
    CodeSpaceExhausted,
    ConditionMissing,
    Conflict,
    MalformedCode,
    NotAllowed,
    Outdated,
)
from service.core.etags import read_if_match
from service.core.idempotency import KEY_ERRORS, CreatedAnswer, Key, RequestKey, answer_once
from service.core.problems import raises
from service.core.web import IfMatch, TaggedRoute, database_of, settings_of
from service.imports.commands.single_changes import SecondPersonNeeded, enter_address, note_alone
from service.imports.schemas import ChangedOut, CorrectIn, EnteredOut, EnterIn, MoveIn, RetireIn
from service.imports.written_address import AddressRefused, WrittenPoint, read_address, read_point
from service.plates.commands import follow_addresses

router = APIRouter(prefix="/addresses", tags=["addresses"], route_class=TaggedRoute)
WRITE, READ = Permission.ADDRESSES_WRITE, Permission.ADDRESSES_READ
WritingProgram = Annotated[Program, granted(WRITE)]
Code = Annotated[
    str,
    Path(description="The address code, with or without spaces.", examples=["3301029032882641"]),
]
Change = Callable[[Session, AddressRow], Sequence[AddressRow]]
_KNOWN: dict[int | str, dict[str, Any]] = {
    200: {"model": EnteredOut, "description": "The register had it already."}
}
_CHANGING = raises(
    *(AddressNotFound, MalformedCode, AddressRefused, Conflict, SecondPersonNeeded),
    *(Outdated, ConditionMissing, *KEY_ERRORS),
)


@router.post(
    "",
    operation_id="enterAddress",
    status_code=201,
    response_model=EnteredOut,
    responses=_KNOWN
    | raises(AddressRefused, Conflict, SecondPersonNeeded, CodeSpaceExhausted, *KEY_ERRORS),
)
def enter(request: Request, program: WritingProgram, sent: EnterIn, key: Key) -> Response:
    """Enter one address; the answer has its code. One that is registered already is returned."""
    database, settings = database_of(request), settings_of(request)
    source = sent.source.strip() or program.actor.name
    draft = read_address(
        database, sent.text, source, point=sent.point, source_id=sent.source_id.strip()
    )
    program.require(WRITE, draft.division_code)
    with database.session() as session:

        def create() -> CreatedAnswer:
            author = hold_author(session, program.actor)
            row, is_new = enter_address(session, draft, program.actor, text=sent.text.strip())
            if is_new:
                most = settings.import_approval_above
                note_alone(session, author, row, 1, at_once=most, a_day=most)
            shown = _show(program, row)
            made = EnteredOut(outcome="new" if is_new else "same", address=shown)
            headers = {"Location": f"/api/v1/addresses/{row.code}", "ETag": f'"{row.version}"'}
            return CreatedAnswer.of(made, 201 if is_new else 200, headers, is_masked=True)

        return answer_once(session, key, program.actor, create).response


@router.post(
    "/{code}/correct",
    operation_id="correctAddress",
    response_model=ChangedOut,
    responses=_CHANGING,
)
def correct(
    request: Request,
    program: WritingProgram,
    code: Code,
    sent: CorrectIn,
    *,
    key: Key,
    if_match: IfMatch = None,
) -> Response:
    """Correct the text of an address; the texts of what lies in it follow, and its plates."""
    seen = read_if_match(if_match, needed=True)
    database = database_of(request)
    written = read_address(database, sent.text, program.actor.name)

    def change(session: Session, held: AddressRow) -> Sequence[AddressRow]:
        draft = take_division(written, held)
        program.require(WRITE, draft.division_code)
        changed = commands.correct_address(
            session,
            held,
            draft,
            program.actor,
            reason=sent.reason.strip(),
            document=sent.cited,
            seen=seen,
        )
        follow_addresses(session, changed, program.actor)
        return changed

    return _answer(request, program, code, change, key)


@router.post(
    "/{code}/move", operation_id="moveAddress", response_model=ChangedOut, responses=_CHANGING
)
def move(
    request: Request,
    program: WritingProgram,
    code: Code,
    sent: MoveIn,
    *,
    key: Key,
    if_match: IfMatch = None,
) -> Response:
    """Move the point of an address within its county; its areas and plates follow."""
    seen = read_if_match(if_match, needed=True)

    def change(session: Session, held: AddressRow) -> Sequence[AddressRow]:
        point = WrittenPoint(sent.lon, sent.lat, sent.crs)
        draft = read_point(database_of(request), held, point, program.actor.name)
        assert draft.point is not None  # noqa: S101 - both degrees were sent
        facts = commands.PointFacts(sent.accuracy, program.actor.name, draft.point_note)
        before = commands.move_address(
            session,
            held.code,
            draft.point,
            program.actor,
            facts=facts,
            reason=sent.reason.strip(),
            document=sent.cited,
            seen=seen,
        )
        follow_addresses(session, [before], program.actor)
        return [before]

    return _answer(request, program, code, change, key)


@router.post(
    "/{code}/retire", operation_id="retireAddress", response_model=ChangedOut, responses=_CHANGING
)
def retire(
    request: Request,
    program: WritingProgram,
    code: Code,
    sent: RetireIn,
    *,
    key: Key,
    if_match: IfMatch = None,
) -> Response:
    """End an address, with or without a successor; its code goes on to lead there."""
    seen = read_if_match(if_match, needed=True)
    most = settings_of(request).address_approval_above

    def change(session: Session, held: AddressRow) -> Sequence[AddressRow]:
        successor = sent.successor.strip()
        if successor:
            successor = _see(session, program, successor, READ).code
        inner = [row for _, row in list_descendants(session, [held.code], most=most)]
        before = commands.retire_address(
            session,
            held.code,
            program.actor,
            reason=sent.reason.strip(),
            document=sent.cited,
            successor=successor,
            invalid=sent.invalid,
            seen=seen,
        )
        follow_addresses(session, [before], program.actor)
        return [before, *inner]

    return _answer(request, program, code, change, key)


def _answer(
    request: Request, program: Program, code: str, change: Change, key: RequestKey | None
) -> Response:
    """Change an address in the program's divisions, once for a key; 200 with what it is now."""
    settings = settings_of(request)
    limits = {"at_once": settings.address_approval_above, "a_day": settings.import_approval_above}
    with database_of(request).session() as session:

        def create() -> CreatedAnswer:
            author = hold_author(session, program.actor)
            changed = change(session, _see(session, program, code, WRITE))
            now = get_address(session, code)
            note_alone(session, author, now, len(changed), **limits)
            made = ChangedOut(address=_show(program, now), changed=len(changed))
            return CreatedAnswer.of(made, 200, {"ETag": f'"{now.version}"'}, is_masked=True)

        return answer_once(session, key, program.actor, create).response


def _see(session: Session, program: Program, code: str, permission: Permission) -> AddressRow:
    """An address that the program sees by its grants; any other is reported as not found."""
    held = get_address(session, code)
    if not is_seen(held, program.viewer(permission)):
        raise AddressNotFound(
            f"no address has the code {held.code}",
            hint="compare the code with the plate, digit by digit",
        )
    return held


def _show(program: Program, row: AddressRow) -> AddressOut:
    """An address as it was written, which the program must be allowed to write.

    Raises:
        NotAllowed: it lies below the door plate, and no grant reaches there.
    """
    viewer = program.viewer(WRITE)
    if not is_seen(row, viewer):
        raise NotAllowed(
            f"no grant of {program.name} reaches {row.level} addresses there",
            hint="ask the operator for a grant that reaches below the door plate",
            zh="授权只到门牌一级，不能登记或变更门牌以下的地址。",
        )
    return AddressOut.of(row, viewer)
