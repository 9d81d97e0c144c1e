"""The numbers of a street: 断号 跳号 重号 错号 with their mends, its rule, and new doors."""

from typing import Annotated

from fastapi import Form, Query, Request
from fastapi.responses import Response

from address_model.numbering_rule import Heading, Method, NumberingRule, OddSide, Sides
from address_model.parsing.level_cells import UnclearNumber, read_level_cell
from address_model.written_ranges import UnclearRange
from service.addresses.commands import enter_door
from service.admin.address.field_reader import Refused, read_point
from service.admin.answer import Seen, see_other, show, staff_pages
from service.admin.streets.number_sketch import WIDTH, draw_numbers
from service.admin.streets.numbers import (
    READ,
    WRITE,
    divisions_of,
    find_neighbour,
    propose_door,
    read_numbers,
    see_place,
)
from service.auth.guards import staff
from service.auth.members import StaffMember, may, require
from service.auth.permissions import Permission
from service.core.errors import BadRequest
from service.core.web import ReadSession, WriteSession, database_of
from service.linking.commands import link_addresses
from service.placenames.commands.numberings import (
    accept_finding,
    reopen_finding,
    set_numbering_rule,
)
from service.placenames.queries import PlaceRow

router = staff_pages()
Reader = Annotated[StaffMember, staff(READ)]
Writer = Annotated[StaffMember, staff(WRITE)]
Namer = Annotated[StaffMember, staff(Permission.PLACENAMES_WRITE)]
Key = Annotated[str, Form(pattern=r"^(gap|jump|duplicate|misplaced):[^\s]{1,60}$")]
PATH = "/admin/streets/{number}/numbers"
_CHOICES: dict[str, dict[str, str]] = {
    "sides": dict(
        zip(Sides, ("单号、双号各在一侧", "只编单号", "只编双号", "不分单双，顺着编"), strict=True)
    ),
    "odd_side": dict(zip(OddSide, ("没有规定", "左侧（面朝号码增大的方向）", "右侧"), strict=True)),
    "heading": dict(zip(Heading, ("没有规定", "向东", "向南", "向西", "向北"), strict=True)),
    "method": dict(zip(Method, ("按顺序编", "按距离编"), strict=True)),
}
_LABELS = {
    "sides": "单双号",
    "odd_side": "单号在哪一侧",
    "heading": "号码向哪边增大",
    "method": "编号办法",
}


@router.get(PATH)
def numbers(
    request: Request,
    session: ReadSession,
    member: Reader,
    number: str,
    *,
    new: Annotated[int, Query(ge=0, le=99_999)] = 0,
    behind: Annotated[str, Query(max_length=16)] = "",
) -> Response:
    """The doors of a street in order; ``new`` or ``behind`` opens the form of a new door."""
    place = see_place(session, member, number)
    street = read_numbers(session, place)
    return show(
        request,
        member,
        "streets/numbers.html",
        street=street,
        home=f"/admin/streets/{place.number}/numbers",
        record=place.record,
        sketch=draw_numbers(street),
        width=WIDTH,
        proposal=propose_door(street, wanted=new, behind=behind),
        is_asked=bool(new or behind),
        choices=_CHOICES,
        labels=_LABELS,
        own={door.code for door in street.doors if may(member, READ, door.division_code)},
        may_write=any(may(member, WRITE, one) for one in divisions_of(place)),
        may_rule=all(may(member, Permission.PLACENAMES_WRITE, one) for one in divisions_of(place)),
    )


@router.post(f"{PATH}/rule")
def rule(
    session: WriteSession,
    member: Namer,
    number: str,
    *,
    seen: Seen,
    sides: Annotated[Sides, Form()],
    method: Annotated[Method, Form()],
    odd_side: Annotated[OddSide, Form()] = OddSide.ANY,
    heading: Annotated[Heading, Form()] = Heading.ANY,
    start: Annotated[int, Form(ge=0, le=99_999)] = 0,
    step_m: Annotated[float, Form(gt=0, le=1000)] = 2.0,
    reserved: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Lay down how the street is numbered."""
    place = _own(session, member, number)
    made = NumberingRule(sides, odd_side, heading, method, start, step_m, reserved.strip())
    try:
        set_numbering_rule(session, place.number, made, member, seen=seen)
    except UnclearRange as unclear:
        raise BadRequest(str(unclear), zh=str(unclear), field=unclear.field) from None
    return see_other(f"/admin/streets/{place.number}/numbers")


@router.post(f"{PATH}/accept")
def accept(
    session: WriteSession,
    member: Namer,
    number: str,
    *,
    seen: Seen,
    key: Key,
    reason: Annotated[str, Form(min_length=1, max_length=200)],
) -> Response:
    """Let a finding stay as it is."""
    place = _own(session, member, number)
    accept_finding(session, place.number, key, reason.strip(), member, seen=seen)
    return see_other(f"/admin/streets/{place.number}/numbers")


@router.post(f"{PATH}/reopen")
def reopen(session: WriteSession, member: Namer, number: str, *, seen: Seen, key: Key) -> Response:
    """Let a finding count again that was accepted."""
    place = _own(session, member, number)
    reopen_finding(session, place.number, key, member, seen=seen)
    return see_other(f"/admin/streets/{place.number}/numbers")


@router.post(f"{PATH}/doors")
def add_door(
    request: Request,
    session: WriteSession,
    member: Writer,
    number: str,
    *,
    seen: Seen,
    door: Annotated[str, Form(min_length=1, max_length=20)],
    lon: Annotated[str, Form(max_length=40)] = "",
    lat: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Enter a new door in the division of the door whose number is the nearest."""
    place = see_place(session, member, number)
    try:
        new = read_level_cell("number", door)
    except UnclearNumber:
        text = "号码请写成 12号、12-1号 或 12号之一 的样子。"
        raise BadRequest("no number of a door", zh=text, field="door") from None
    beside = find_neighbour(read_numbers(session, place), new)
    if beside is None:
        raise BadRequest(
            "the street has no door yet",
            zh="这条路还没有门牌，第一个请用导入登记。",
            field="door",
        )
    require(member, WRITE, beside.division_code)
    point = None
    if lon.strip() or lat.strip():
        try:
            point = read_point(database_of(request), beside, (lon, lat), "4490").point
        except Refused as fault:
            raise BadRequest(fault.text, zh=fault.text, field=fault.field) from None
    made = enter_door(session, beside.code, new, point, member.actor, seen=seen)
    if made.point:
        link_addresses(session, [made.code])
    return see_other(f"/admin/addresses/{made.code}")


def _own(session: WriteSession, member: StaffMember, number: str) -> PlaceRow:
    """The street, all of which lies in the person's divisions.

    Raises:
        PlaceNotFound: it lies elsewhere.
        NotAllowed: a part of it does.
    """
    place = see_place(session, member, number)
    for division in divisions_of(place):
        require(member, Permission.PLACENAMES_WRITE, division)
    return place
