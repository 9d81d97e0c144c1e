"""Reads requests for an address, where they lead back, and the plate that answers one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from address_model.codes import InvalidCode
from address_model.lifecycle import GONE, PlateStatus
from address_model.plate_text import read_plate_text
from address_model.tables import AddressRequest, Client, ClientReturnUrl
from service.addresses.queries import get_address
from service.auth.grants import Program
from service.auth.queries import get_client
from service.core.clock import now_utc
from service.core.words import mark
from service.departments.address_requests.policies import may_receive
from service.plates.queries import find_plate


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A request that a resident can still answer; ``client_name`` asks."""

    id: str
    client_name: str
    purpose: str
    return_url: str
    state: str
    expires_at: datetime
    is_redeemed: bool


def find_request(session: Session, number: str) -> OpenRequest | None:
    """The request with this id that has not expired, of a program that is active; or None."""
    asked = AddressRequest
    statement = (
        select(
            asked.id,
            Client.name.label("client_name"),
            asked.purpose,
            asked.return_url,
            asked.state,
            asked.expires_at,
            asked.redeemed_at.is_not(None).label("is_redeemed"),
        )
        .join(Client, Client.id == asked.client_id)
        .where(asked.id == number, asked.expires_at > func.clock_timestamp(), Client.is_active)
    )
    row = session.execute(statement).first()
    return None if row is None else OpenRequest(**row._asdict())


def list_return_urls(session: Session, client_id: int) -> list[str]:
    """The registered return URLs of a program, in order."""
    statement = select(ClientReturnUrl.url).where(ClientReturnUrl.client_id == client_id)
    return list(session.scalars(statement.order_by(ClientReturnUrl.url)))


def list_all_return_urls(session: Session) -> Mapping[str, Sequence[str]]:
    """The registered return URLs by the name of their program."""
    statement = (
        select(Client.name, func.array_agg(ClientReturnUrl.url))
        .join(ClientReturnUrl, ClientReturnUrl.client_id == Client.id)
        .group_by(Client.name)
        .order_by(Client.name)
    )
    return {name: sorted(urls) for name, urls in session.execute(statement)}


@dataclass(frozen=True, slots=True)
class ShownAddress:
    """The address on a plate, as it would be handed over."""

    code: str
    standard_text: str
    token: str


MISTYPED = mark("没有认出短码。请看二维码下面的 10 位字母和数字，再输入一遍。")
UNKNOWN = mark("没有查到这块门牌。请对照门牌，看看有没有看错字母或数字。")
VOID = mark("这块门牌已经注销或报失，不能用来出示地址。请扫现在挂着的门牌。")
ENDED_ADDRESS = mark("这块门牌上的地址已经变更。请扫新门牌；还没有新门牌的，请告诉社区。")
ELSEWHERE = mark("这个地址不在该单位可以收取的范围内。请换一块门牌，或回到原来的网页填写地址。")


def judge_plate(session: Session, asked: OpenRequest, typed: str) -> ShownAddress | str:
    """The address that a plate shows to the program of a request, or why there is none (Chinese).

    ``typed`` is its short code, or holds the web address in its QR code. A worn or replaced plate
    is good while its address is; one reported lost may have been moved.
    """
    try:
        meant = read_plate_text(typed)
    except InvalidCode:
        meant = None
    if meant is None or not meant.token:
        return MISTYPED
    plate = find_plate(session, meant.token)
    if plate is None:
        return UNKNOWN
    if plate.is_trial or plate.status in (PlateStatus.VOID, PlateStatus.LOST):
        return VOID
    if plate.address_status in GONE:
        return ENDED_ADDRESS
    address = get_address(session, plate.code)
    held, now = get_client(session, asked.client_name), now_utc()
    grants = tuple(one.grant for one in held.grants if one.is_in_force(now))
    if not may_receive(Program(held.id, held.name, grants), address):
        return ELSEWHERE
    return ShownAddress(plate.code, address.standard_text, plate.token)
