"""Doors as residents type them, in three counties: with homes, a lamp, ended ones, contacts."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.elements import Elements, Numbered
from service.addresses.commands import (
    correct_address,
    enter_addresses,
    open_code_spaces,
    retire_address,
    split_address,
)
from service.addresses.drafts import AddressDraft
from service.addresses.queries import get_address
from service.core.actor import COMMAND_LINE as ME
from service.divisions.commands import DecisionNotice
from service.divisions.queries import get_division
from service.naming.commands import rename_place
from service.naming.commands.place_rename import rename_addresses
from service.placenames.queries import search_places
from tests.factories.areas import make_area, make_duty

NOTICE = DecisionNotice("示例政发〔2026〕9号", date(2026, 11, 1))
CONTACT, PHONE = "演示甲", "0571-00000001"
QINGBO = ("330102001000", "杭州市", "上城区", "清波街道")
WANGDIAN = ("330411105000", "嘉兴市", "秀洲区", "王店镇")
CHENGXI = ("330782006000", "金华市", "义乌市", "城西街道")


@dataclass(frozen=True)
class TypedTown:
    """Codes by what is written on the door, with its township where several have it."""

    codes: dict[str, str]


def _draft(where: tuple[str, str, str, str], **elements: object) -> AddressDraft:
    code, city, county, township = where
    written = Elements(province="浙江省", city=city, county=county, township=township, **elements)  # type: ignore[arg-type]
    return AddressDraft(
        county=code[:6],
        division_id=0,
        division_code=code,
        elements=written,
        point=Point(120.165, 30.24),
        source="test",
    )


def _no(number: object, quantifier: str = "号") -> Numbered:
    return Numbered(str(number), quantifier)


def make_typed_town(session: Session) -> TypedTown:
    """Register them below the shipped divisions, which are there."""
    drafts = {
        **{
            f"河坊街{n}号": _draft(QINGBO, thoroughfare="河坊街", number=_no(n))
            for n in (2, 88, 90, 92, 94)
        },
        "河坊街88号201室": _draft(
            QINGBO, thoroughfare="河坊街", number=_no(88), room=_no(201, "室")
        ),
        "孤室": _draft(QINGBO, thoroughfare="河坊街", number=_no(300), room=_no(777, "室")),
        "金家桥小区1幢": _draft(QINGBO, estate="金家桥小区", building=_no(1, "幢")),
        "金家桥小区1幢303室": _draft(
            QINGBO, estate="金家桥小区", building=_no(1, "幢"), room=_no(303, "室")
        ),
        "旧门街5号": _draft(QINGBO, thoroughfare="旧门街", number=_no(5)),
        "拆光街7号": _draft(QINGBO, thoroughfare="拆光街", number=_no(7)),
        "分户街6号": _draft(QINGBO, thoroughfare="分户街", number=_no(6)),
        "老号街12号": _draft(QINGBO, thoroughfare="老号街", number=_no(12)),
        "民权路3号": _draft(QINGBO, thoroughfare="民权路", number=_no(3)),
        "人民路1号 清波": _draft(QINGBO, thoroughfare="人民路", number=_no(1)),
        "人民路1号 王店": _draft(WANGDIAN, thoroughfare="人民路", number=_no(1)),
        "人民路1号 城西": _draft(CHENGXI, thoroughfare="人民路", number=_no(1)),
    }
    open_code_spaces(session)
    for name, draft in drafts.items():
        row = get_division(session, draft.division_code)
        drafts[name] = replace(draft, division_id=row.id)
    entered = enter_addresses(session, list(drafts.values()), ME)
    codes = {name: one.digits for name, one in zip(drafts, entered, strict=True)}
    retire_address(session, codes["旧门街5号"], ME, reason="并户", successor=codes["河坊街2号"])
    retire_address(session, codes["拆光街7号"], ME, reason="房屋拆除")
    split = drafts["分户街6号"]
    parts = [replace(split, elements=split.elements._replace(number=_no(n))) for n in (61, 62)]
    split_address(session, codes["分户街6号"], parts, ME, reason="分户")
    moved = drafts["老号街12号"]
    corrected = replace(moved, elements=moved.elements._replace(number=_no(14)))
    correct_address(session, get_address(session, codes["老号街12号"]), corrected, ME)
    (street,) = search_places(session, "民权路", [""])
    rename_place(session, street.number, "民生路", NOTICE, ME)
    rename_addresses(session, [codes["民权路3号"]], ME, source=NOTICE.source)
    make_duty(session, make_area(session), display_name=CONTACT, phone=PHONE)
    return TypedTown(codes)
