import orjson

from address_model.elements import Elements, Numbered
from service.scans.contact import DutyRole
from service.scans.json_view import card_json
from tests.factories.cards import CONTACTS, PLATE, card_of, street_card


def test_the_plate_shows_street_and_numbers_apart() -> None:
    card = street_card()
    assert card.street == "河坊街"
    assert [str(number) for number in card.numbers] == ["88号"]
    room = card_of("ZJH-0087-B03-U2-501")
    assert room.street == "示例花园"
    assert [str(number) for number in room.numbers] == ["3幢", "2单元", "501室"]


def test_lanes_and_village_groups_belong_to_the_name() -> None:
    lane = Elements(thoroughfare="河坊街", lanes=(Numbered("3", "弄"),), number=Numbered("8", "号"))
    group = Elements(
        natural_village="河阳村", group=Numbered("2", "组"), number=Numbered("7", "号")
    )
    lane_of_road = lane._replace(parent_place="西郊路", natural_village="东山村")
    assert street_card(elements=lane_of_road).street == "河坊街3弄"
    assert street_card(elements=lane_of_road).local_text == "东山村西郊路河坊街3弄8号"
    assert street_card(elements=lane).street == "河坊街3弄"
    assert street_card(elements=group).street == "河阳村2组"


def test_the_code_comes_in_four_groups() -> None:
    assert [len(group) for group in street_card().groups] == [4, 4, 4, 4]


def test_the_community_comes_from_the_area_not_from_the_text() -> None:
    card = street_card(community="示例社区 7")
    assert card.division_path == ("浙江省", "杭州市", "上城区", "清波街道", "示例社区 7")


def test_the_spoken_address_starts_with_the_city() -> None:
    assert street_card().spoken_divisions == "杭州市上城区清波街道"


def test_contacts_come_in_the_order_of_their_roles() -> None:
    card = street_card(contacts=CONTACTS[::-1])
    assert [contact.role for contact in card.ordered_contacts()] == list(DutyRole)


def test_the_json_twin_says_what_the_page_says() -> None:
    twin = orjson.loads(card_json(street_card()))
    assert twin["token"] == PLATE
    assert twin["code_grouped"].replace(" ", "") == twin["code"]
    assert twin["standard_text"] == "浙江省杭州市上城区清波街道河坊街88号"
    assert twin["status"] == "in_use"
    assert twin["sample"] is True
    assert twin["point"]["coordinates"][0] > 100 > twin["point"]["coordinates"][1]
    assert twin["maps"]["amap"].startswith("https://uri.amap.com/")
    assert twin["contacts"][0] == {
        "role": "grid_worker",
        "display_name": "演示乙",
        "organisation": "示例社区 1 服务中心",
        "phone": "0571-00000004",
        "hours": None,
        "confirmed_at": "2026-11-20",
        "unconfirmed": False,
        "sample": True,
    }


def test_a_card_without_point_or_contacts_has_a_twin_too() -> None:
    twin = orjson.loads(card_json(street_card(position=None, sketch=None, contacts=())))
    assert twin["point"] is None
    assert twin["maps"] is None
    assert twin["contacts"] == []
