"""Parses the fields of the crew forms: token, kind, place, photo."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import BinaryIO
from uuid import uuid4

from pydantic import BaseModel, Field

from address_model.codes import InvalidCode
from address_model.coordinates import InvalidPoint, Point
from address_model.inspections import PlateEventKind
from address_model.plate_text import PlateText, read_plate_text
from qr.photo import MOST_BYTES, Photo
from service.auth.members import StaffMember
from service.core.clock import now_utc
from service.core.errors import BadRequest, NotAllowed
from service.plates.event_report import read_point
from service.plates.photos import develop
from service.plates.policies import PERMISSION_TO_RECORD
from service.scans.pages import WRONG_DIGITS

_DEGREES = re.compile(r"-?\d{1,3}(\.\d{1,12})?")
_METRES = re.compile(r"\d{1,7}(\.\d{1,12})?")
LONGEST_WAIT = timedelta(days=30)
"""A form that waited longer on a phone counts as of now."""


NO_SYMBOL = "照片上没有读到门牌的二维码：靠近一些、对准、避开反光，再拍一张。"
NOT_READ = (
    "没有认出是哪块门牌：请输入门牌上的 16 位地址编码，或二维码下的 10 位短码；"
    "扫到的网址也可以整条粘贴。"
)
UNKNOWN = "没有找到这块门牌：编码没有登记，或者这个地址还没有门牌。请对着门牌再看一遍。"


class CrewForm(BaseModel):
    """Query parameters: filters of the list, and what a plate's page shows in addition."""

    mine: str = ""
    area: int | None = None
    near: str = Field("", max_length=40)
    """Where the phone is: longitude and latitude in degrees, with a comma between."""
    after: str = ""
    done: str = ""
    photo: str = ""
    what: str = ""


class EventForm(BaseModel):
    """The event form of a plate's page; only the event id and the version are required."""

    event_id: str
    seen: int = Field(ge=1)
    what: str = ""
    code: str = ""
    note: str = ""
    lon: str = ""
    lat: str = ""
    accuracy: str = ""
    kept: str = ""
    accepts_text: str = ""
    owner: str = ""
    at: str = ""


def find_first(texts: Sequence[str], fault: str) -> PlateText:
    """The plate or address in the first text that names one.

    Raises:
        BadRequest: with ``fault``, if no text names one; or the check digit of a code is wrong.
    """
    try:
        meant = next(filter(None, map(read_plate_text, texts)), None)
    except InvalidCode as error:
        raise BadRequest(WRONG_DIGITS) from error
    if meant is None:
        raise BadRequest(fault)
    return meant


def read_photo(file: BinaryIO | None) -> Photo | None:
    """The processed photo of a form, or None.

    Raises:
        PhotoUnreadable: it is no usable image.
    """
    data = file.read(MOST_BYTES + 1) if file else b""
    return develop(data) if data else None


def read_kind(what: str, code: str) -> PlateEventKind:
    """The chosen event kind; an address code means binding a blank plate.

    Raises:
        BadRequest: no known kind is given.
    """
    if code.strip():
        return PlateEventKind.BOUND
    kinds = {str(kind): kind for kind in PERMISSION_TO_RECORD}
    if what not in kinds:
        raise BadRequest("还没有选情况", hint="选一项再提交")
    return kinds[what]


def read_place(lon: str, lat: str, accuracy: str) -> tuple[Point | None, float | None]:
    """The point and its accuracy in metres; None for what is missing.

    Raises:
        BadRequest: longitude or latitude is no decimal number of degrees.
    """
    lon, lat, metres = lon.strip(), lat.strip(), accuracy.strip()
    for degrees in filter(None, (lon, lat)):
        if not _DEGREES.fullmatch(degrees):
            raise BadRequest(f"{degrees!r} 不是经纬度", hint="写成 120.16512 这样，或留空")
    point = read_point(float(lon) if lon else None, float(lat) if lat else None)
    return point, float(metres) if _METRES.fullmatch(metres) else None


def read_near(text: str) -> Point | None:
    """Where the phone is, as the list of work is asked for; None for what is no place."""
    lon, _, lat = text.partition(",")
    if not (_DEGREES.fullmatch(lon) and _DEGREES.fullmatch(lat)):
        return None
    try:
        return Point(float(lon), float(lat))
    except InvalidPoint:
        return None


def new_event_id() -> str:
    """An event id to embed in a form: submitting the form twice records one event."""
    return str(uuid4())


def read_moment(text: str) -> datetime | None:
    """When a form was filled in that waited on the phone, by its clock; None if that is not so."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return moment if timedelta() <= now_utc() - moment <= LONGEST_WAIT else None


def require_own_form(member: StaffMember, owner: str) -> None:
    """Refuse a form that somebody else filled in on the same phone.

    Raises:
        NotAllowed: the account in it is another one.
    """
    if owner and owner != str(member.account_id):
        raise NotAllowed(
            "somebody else filled this form in",
            hint="let that person sign in and send it",
            zh="这是别人在这台手机上填的，要本人登录以后发送。",
        )
