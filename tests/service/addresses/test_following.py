from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from service.addresses.commands import (
    Renaming,
    enter_addresses,
    follow_division,
    freeze_address,
    retire_address,
)
from service.addresses.drafts import AddressDraft
from service.addresses.queries import find_names, get_address
from service.core.actor import COMMAND_LINE as ME
from service.divisions.commands import (
    DecisionNotice,
    list_ids_inside,
    merge_division,
    rename_division,
)
from service.divisions.queries import get_division
from service.matching.queries import resolve
from service.placenames.queries import find_places
from tests.factories import Place, make_draft, make_place
from tests.factories.addresses import make_elements, placed

NOTICE = DecisionNotice("示例政发〔2026〕1号", date(2026, 11, 1))
OLD, BESIDE = "330102001000", "330102002000"
NEW_TEXT = "浙江省杭州市上城区示例门街道河坊街88号"
OLD_TEXT = "浙江省杭州市上城区清波街道河坊街88号"


def rename(session: Session) -> Renaming:
    now, before = rename_division(session, OLD, "示例门街道", NOTICE, ME)
    return Renaming(list_ids_inside(session, now), before, now, moves=False, source="x")


def village_draft(place: Place, township: str, division: int, code: str) -> AddressDraft:
    elements = make_elements("5")._replace(
        township=township, thoroughfare="", natural_village="示例村"
    )
    return make_draft(place, elements=elements, division_id=division, division_code=code)


def make_beside(session: Session, place: Place) -> int:
    statement = (
        "insert into division (code, code_system, edition, level, name, parent_id) "
        "values (:code, 'nbs', '2023', 4, '示例山街道', :parent) returning id"
    )
    values = {"code": BESIDE, "parent": place.county_id}
    made: int = session.execute(text(statement), values).scalar_one()
    return made


def test_addresses_take_the_new_name_and_both_texts_lead_to_the_same_code(
    session: Session,
) -> None:
    place = make_place(session)
    (code,) = map(str, enter_addresses(session, [make_draft(place)], ME))
    done = follow_division(session, rename(session), ME)
    assert (done.changed, done.frozen, done.conflicts) == (1, 0, ())
    held = get_address(session, code)
    assert (held.standard_text, held.elements.township) == (NEW_TEXT, "示例门街道")
    for wanted in (NEW_TEXT, OLD_TEXT, "上城区河坊街88号"):
        found = resolve(session, wanted)
        assert found.address is not None, wanted
        assert (found.category, found.address.code) == ("A", code)


def test_following_twice_changes_nothing_more(session: Session) -> None:
    place = make_place(session)
    enter_addresses(session, [make_draft(place, number) for number in ("1", "2")], ME)
    following = rename(session)
    first = follow_division(session, following, ME, size=1)
    second = follow_division(session, following, ME, size=1, after=first.last)
    assert (first.changed, second.changed) == (1, 1)
    assert follow_division(session, following, ME, after=second.last).last == ""
    assert follow_division(session, following, ME).changed == 0


def test_the_old_text_is_kept_as_a_former_name_with_its_day(session: Session) -> None:
    draft = placed(session, make_draft(make_place(session)))
    enter_addresses(session, [draft], ME)
    follow_division(session, rename(session), ME)
    kinds = {name.kind: name for name in find_names(session, [draft.key])[draft.key]}
    assert kinds["standard"].text == NEW_TEXT
    assert kinds["former"].text == OLD_TEXT
    assert kinds["former"].valid_to is not None


def test_frozen_and_ended_addresses_keep_their_text(session: Session) -> None:
    place = make_place(session)
    drafts = [make_draft(place, number) for number in ("1", "2", "3")]
    frozen, ended, _ = map(str, enter_addresses(session, drafts, ME))
    freeze_address(session, frozen, ME, reason="争议")
    retire_address(session, ended, ME, reason="拆迁")
    done = follow_division(session, rename(session), ME)
    assert (done.changed, done.frozen) == (1, 1)
    assert all("清波街道" in get_address(session, c).standard_text for c in (frozen, ended))


def test_addresses_of_a_merged_township_lie_in_the_other_and_namesakes_stay_two(
    session: Session,
) -> None:
    place = make_place(session)
    beside = make_beside(session, place)
    drafts = [
        make_draft(place, "88", division_id=place.ids["330102001051"]),
        village_draft(place, "清波街道", place.township_id, OLD),
        village_draft(place, "示例山街道", beside, BESIDE),
    ]
    moved, namesake, there = map(str, enter_addresses(session, drafts, ME))
    texts = {code: get_address(session, code).standard_text for code in (namesake, there)}
    held, target = merge_division(session, OLD, BESIDE, NOTICE, ME)
    ids = list_ids_inside(session, held)
    following = Renaming(ids, held.name, target, moves=True, source="x")
    done = follow_division(session, following, ME)
    assert (done.changed, done.conflicts) == (2, ())
    for code in (moved, namesake):
        assert get_address(session, code).division_code == BESIDE
        assert get_address(session, code).elements.township == "示例山街道"
    assert get_address(session, namesake).standard_text == texts[there]
    places = [get_address(session, code).place_id for code in (namesake, there)]
    found = find_places(session, [place for place in places if place])
    lying = [[(t.code, t.qualifier) for t in found[place].townships] for place in places if place]
    assert lying == [[(BESIDE, "清波街道")], [(BESIDE, "")]]


@pytest.mark.parametrize("level", ["county", "community"])
def test_a_county_or_community_may_be_renamed_too(session: Session, level: str) -> None:
    place = make_place(session)
    elements = make_elements()._replace(community="清波门社区")
    division = place.ids["330102001051"]
    draft = make_draft(place, elements=elements, division_id=division, division_code="330102001051")
    (code,) = map(str, enter_addresses(session, [draft], ME))
    wanted = {"county": ("330102000000", "示例区"), "community": ("330102001051", "示例社区")}
    which, name = wanted[level]
    now, before = rename_division(session, which, name, NOTICE, ME)
    ids = list_ids_inside(session, now)
    done = follow_division(session, Renaming(ids, before, now, moves=False, source="x"), ME)
    assert done.changed == 1
    assert name in get_address(session, code).standard_text
    found = resolve(session, draft.text.replace(before, name))
    assert found.address is not None
    assert found.address.code == code
    assert get_division(session, which).name == name
