import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.elements import Numbered
from address_model.heritage.catalogue import CatalogueEntry, PlaceNameRecord
from service.addresses.queries import get_address
from service.core.actor import COMMAND_LINE
from service.core.errors import BadRequest
from service.heritage.commands import load_catalogue, merge_entries
from service.heritage.queries import EntryNotFound, find_entry, find_story
from service.heritage.seed import Seed
from service.integrity import queries
from service.linking.commands import assign_place, link_places
from service.placenames.queries import get_place
from tests.factories.doors import enter
from tests.factories.heritage import HEFANG, heritage_client
from tests.factories.heritage_api import heritage_api

OLD = "ZJH-0091"


def test_row_24_a_merged_entry_leads_to_the_one_it_is(catalogue: Session, seed: Seed) -> None:
    code = enter(catalogue, "330102001", county="上城区", thoroughfare="示例路")
    assign_place(catalogue, code, OLD, kind="building", reason="x", actor=COMMAND_LINE)
    gone = find_entry(catalogue, OLD)
    assert gone
    kept = merge_entries(catalogue, OLD, HEFANG, reason="同一地", actor=COMMAND_LINE)
    assert gone.place.standard_name in [form.text for form in kept.place.forms]
    assert set(gone.claims) <= set(kept.claims)
    with heritage_client(catalogue) as client:
        moved = client.get(f"/heritage/{OLD}?v=elder")
        assert (moved.status_code, moved.headers["location"]) == (
            308,
            f"/heritage/{HEFANG}?v=elder",
        )
    with heritage_api(catalogue) as client:
        assert client.get(f"/api/v1/heritage/{OLD}").json()["id"] == HEFANG
    link_places(catalogue, COMMAND_LINE)
    story = find_story(catalogue, code)
    assert story
    assert story.entry_id == HEFANG
    report = load_catalogue(catalogue, seed.entries, [], COMMAND_LINE)
    assert {OLD, HEFANG} <= set(report.kept)
    assert find_entry(catalogue, OLD) is None
    assert queries.find_place_fault(catalogue) == ""


def test_an_entry_is_merged_with_a_reason_into_another_that_is_there(catalogue: Session) -> None:
    for old, into, reason in ((OLD, OLD, "x"), (OLD, HEFANG, " ")):
        with pytest.raises(BadRequest):
            merge_entries(catalogue, old, into, reason=reason, actor=COMMAND_LINE)
    with pytest.raises(EntryNotFound):
        merge_entries(catalogue, OLD, "ZJH-9999", reason="x", actor=COMMAND_LINE)


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (
            "insert into address_place_name (code, place_name_id, kind, how) "
            "values ('3301020000000000', 999999, 'street', 'rule')",
            "a missing place name",
        ),
        (
            "update recognition set scheme_code = 'NONE' where entry_id = 'ZJH-0001'",
            "an unknown scheme",
        ),
        (
            "update heritage_entry set links = array_append(links, 'was:ZJH-0001') "
            "where id = 'ZJH-0002'",
            "a former id in use by an entry",
        ),
    ],
)
def test_a_relation_that_does_not_hold_is_found(catalogue: Session, spoil: str, fault: str) -> None:
    assert queries.find_place_fault(catalogue) == ""
    catalogue.execute(text(spoil))
    assert fault in queries.find_place_fault(catalogue)


def test_the_place_of_an_ended_entry_keeps_the_addresses_that_count_along_it(
    catalogue: Session, seed: Seed
) -> None:
    place = PlaceNameRecord("T-9", "示例路", "street", "330102000000")
    gone = CatalogueEntry(id="T-9", place=place, heritage_class="street", story_zh="旧事")
    load_catalogue(catalogue, [gone], [], COMMAND_LINE)
    code = enter(catalogue, "330102001", county="上城区", thoroughfare="示例路")
    room = enter(
        catalogue, "330102001", county="上城区", thoroughfare="示例路", estate="示例苑",
        building=Numbered("1", "幢"),
    )  # fmt: skip
    told = find_story(catalogue, code)
    assert told
    assert told.entry_id == "T-9"
    merge_entries(catalogue, "T-9", HEFANG, reason="同一地", actor=COMMAND_LINE)
    held = get_place(catalogue, "T-9")
    assert get_address(catalogue, code).place_id == held.id
    for one in (code, room):
        story = find_story(catalogue, one)
        assert story
        assert story.entry_id == HEFANG
    link_places(catalogue, COMMAND_LINE)
    assert find_story(catalogue, code) == story
    assert queries.find_place_fault(catalogue) == ""
    again = load_catalogue(catalogue, [gone], [], COMMAND_LINE)
    assert (again.kept, again.changed) == (["T-9"], [])
    assert get_place(catalogue, "T-9") == held
