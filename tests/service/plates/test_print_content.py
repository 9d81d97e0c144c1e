from datetime import UTC, datetime

import pytest

from address_model.elements import Elements, Numbered
from service.divisions.imprints import Imprint
from service.plates.faces import design_name
from service.plates.print_content import AUTO, spec_of
from service.plates.queries import PlateRow
from tests.factories.addresses import BASE
from tests.factories.hosts import PREFIX

ESTATE = BASE._replace(thoroughfare="", number=None, estate="示例花园")
VILLAGE = BASE._replace(thoroughfare="", community="诸葛村", group=Numbered("3", "组"))
BUILDING = Numbered("12", "幢")


def plate(elements: Elements, design: str = AUTO) -> PlateRow:
    return PlateRow(
        token="7K3M9QX2TB",  # noqa: S106 - a plate token is no secret
        code="3301020612345663",
        generation=1,
        status="in_use",
        status_reason="",
        replaced_by=None,
        design=design,
        payload_prefix=PREFIX,
        division_id=1,
        standard_text="",
        elements=elements,
        is_sample=True,
        created_at=datetime(2026, 11, 23, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("elements", "design", "name", "number"),
    [
        (BASE, "medium", "河坊街", "88号"),
        (
            BASE._replace(number=Numbered("123", "号", suffix="之一")),
            "medium",
            "河坊街",
            "123号之一",
        ),
        (BASE._replace(number=Numbered("47", "号", "临", "1")), "temporary", "河坊街", "临47-1号"),
        (BASE._replace(lanes=(Numbered("30", "弄"),)), "medium", "河坊街30弄", "88号"),
        (BASE._replace(number=None, lanes=(Numbered("30", "弄"),)), "lane", "河坊街", "30弄"),
        (VILLAGE, "village", "诸葛村3组", "88号"),
        (BASE._replace(parent_place="西郊路"), "medium", "河坊街", "88号"),
        (BASE._replace(natural_village="东山村"), "medium", "河坊街", "88号"),
        (ESTATE._replace(parent_place="西郊路", number=BASE.number), "medium", "示例花园", "88号"),
        (ESTATE._replace(building=BUILDING), "building", "示例花园", "12幢"),
        (
            ESTATE._replace(building=BUILDING, unit=Numbered("2", "单元")),
            "unit",
            "示例花园12幢",
            "2单元",
        ),
        (
            ESTATE._replace(
                building=BUILDING,
                unit=Numbered("2", "单元"),
                room=Numbered("201", "室"),
            ),
            "room",
            "示例花园12幢2单元",
            "201室",
        ),
        (BASE._replace(room=Numbered("201", "室")), "room", "河坊街88号", "201室"),
        (BASE._replace(number=None, thing=Numbered("12", "号路灯")), "lamp", "河坊街", "12号"),
        (BASE._replace(number=None, thing=Numbered("3", "号公交站")), "stop", "河坊街", "3号"),
        (BASE._replace(thing=Numbered("", "AED")), "aed", "河坊街88号", ""),
        (BASE._replace(thing=Numbered("2", "号AED")), "aed", "河坊街88号", "2号"),
        (BASE._replace(thing=Numbered("2", "号充电桩")), "small", "河坊街88号", "2号充电桩"),
        (ESTATE._replace(thing=Numbered("", "公厕")), "small", "示例花园", "公厕"),
    ],
)
def test_a_plate_shows_what_its_level_counts(
    elements: Elements, design: str, name: str, number: str
) -> None:
    order = spec_of(plate(elements), authority="")
    assert design_name(elements) == design
    assert (order.content.name, order.content.full_number) == (name, number)


def test_a_door_plate_shows_the_door_even_where_the_address_goes_on_to_a_room() -> None:
    order = spec_of(plate(BASE._replace(room=Numbered("201", "室")), "large"), authority="")
    assert (order.content.name, order.content.full_number) == ("河坊街", "88号")


def test_a_sample_plate_says_so_and_carries_code_and_payload() -> None:
    content = spec_of(plate(BASE), authority="上城区民政局").content
    assert content.note == "示例数据"
    assert content.payload == f"{PREFIX}7K3M9QX2TB"
    assert content.grouped_code == "3301 0206 1234 5663"
    assert content.pinyin == "HEFANG JIE"


@pytest.mark.parametrize(
    ("elements", "pinyin"),
    [
        (BASE._replace(lanes=(Numbered("11", "弄"),)), "HEFANG JIE 11 LONG"),
        (BASE._replace(number=None, lanes=(Numbered("3", "弄"),)), "HEFANG JIE 3 LONG"),
        (VILLAGE, "ZHUGECUN 3 ZU"),
        (ESTATE._replace(building=BUILDING), "SHILI HUAYUAN"),
        (ESTATE._replace(lanes=(Numbered("6", "弄"),)), "SHILI HUAYUAN 6 LONG"),
    ],
)
def test_the_pinyin_goes_on_with_lanes_and_group(elements: Elements, pinyin: str) -> None:
    assert spec_of(plate(elements), authority="").content.pinyin == pinyin


def test_the_elements_of_name_and_address_are_where_they_may_break() -> None:
    unit = Numbered("2", "单元")
    elements = ESTATE._replace(building=BUILDING, unit=unit, room=Numbered("201", "室"))
    content = spec_of(plate(elements), authority="").content
    assert content.name_parts == ("示例花园", "12幢", "2单元")
    assert content.address_parts[-4:] == ("示例花园", "12幢", "2单元", "201室")


def test_the_imprint_of_the_division_goes_before_the_operator() -> None:
    imprint = Imprint("示例区地名办公室监制", "310002")
    content = spec_of(plate(BASE), authority="示例运营单位", imprint=imprint).content
    assert (content.authority, content.postcode) == ("示例区地名办公室监制", "310002")
    assert spec_of(plate(BASE), authority="示例运营单位").content.authority == "示例运营单位"
