from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from service.audit.queries import verify_chain
from service.core.actor import COMMAND_LINE as ME
from service.core.database import finish
from service.core.errors import Conflict
from service.divisions.commands import (
    DecisionNotice,
    list_ids_inside,
    load_divisions,
    merge_division,
    rename_division,
)
from service.divisions.queries import (
    find_decisions,
    gazetteer_of,
    get_division,
    get_division_by_text,
    list_divisions,
    load_register,
)
from service.divisions.sources import ListedDivision
from tests.factories import make_place
from tests.factories.addresses import make_elements

NOTICE = DecisionNotice("示例政发〔2026〕1号", date(2026, 11, 1))
OLD, BESIDE = "330102001000", "330102002000"


def make_two(session: Session) -> None:
    place = make_place(session)
    session.execute(
        text(
            "insert into division (code, code_system, edition, level, name, parent_id) "
            "values (:code, 'nbs', '2023', 4, '示例山街道', :parent)"
        ),
        {"code": BESIDE, "parent": place.county_id},
    )


def test_a_renamed_division_is_found_and_parsed_by_both_names(session: Session) -> None:
    make_two(session)
    now, before = rename_division(session, OLD, "示例门街道", NOTICE, ME)
    assert (now.name, before) == ("示例门街道", "清波街道")
    assert get_division(session, OLD).name == "示例门街道"
    register = load_register(session)
    for name in ("示例门街道", "清波街道"):
        found = register.find_by_names(make_elements()._replace(township=name))
        assert not isinstance(found, str)
        assert found.code == OLD
    assert gazetteer_of(session).divisions[OLD].name == "示例门街道"
    finish(session)
    assert verify_chain(session).is_whole


def test_a_merged_division_resolves_to_its_target(session: Session) -> None:
    make_two(session)
    held, target = merge_division(session, OLD, BESIDE, NOTICE, ME)
    register = load_register(session)
    for code in (OLD, "330102001051", BESIDE):
        found = register.find(code)
        assert found is not None
        assert found.code == BESIDE
    named = register.find_by_names(make_elements()._replace(township="清波街道"))
    assert named == target
    assert {row.code for row in list_divisions(session, level=4)} == {BESIDE, "330106001000"}
    assert get_division_by_text(session, "示例山街道").code == BESIDE
    assert len(list_ids_inside(session, held)) == 2


def test_the_same_decision_again_changes_nothing(session: Session) -> None:
    make_two(session)
    first = rename_division(session, OLD, "示例门街道", NOTICE, ME)
    assert rename_division(session, OLD, "示例门街道", NOTICE, ME) == first
    merge_division(session, OLD, BESIDE, NOTICE, ME)
    merge_division(session, OLD, BESIDE, NOTICE, ME)
    assert len(find_decisions(session)) == 2


def test_impossible_decisions_are_refused_with_a_hint(session: Session) -> None:
    make_two(session)
    with pytest.raises(Conflict, match="sibling"):
        rename_division(session, OLD, "示例山街道", NOTICE, ME)
    with pytest.raises(Conflict, match="already named 清波街道"):
        rename_division(session, OLD, "清波街道", NOTICE, ME)
    with pytest.raises(Conflict, match="not two townships"):
        merge_division(session, OLD, "330106001000", NOTICE, ME)
    with pytest.raises(Conflict, match="not two townships"):
        merge_division(session, "330102000000", "330106000000", NOTICE, ME)
    merge_division(session, OLD, BESIDE, NOTICE, ME)
    with pytest.raises(Conflict, match="ended on 2026-11-01"):
        rename_division(session, OLD, "示例门街道", NOTICE, ME)
    with pytest.raises(Conflict, match="ended on 2026-11-01"):
        merge_division(session, BESIDE, OLD, NOTICE, ME)


def test_loading_the_published_list_again_keeps_the_decided_name(session: Session) -> None:
    make_two(session)
    rename_division(session, OLD, "示例门街道", NOTICE, ME)
    listed = ListedDivision(OLD, 4, "清波街道", "330102000000")
    assert load_divisions(session, [listed], "nbs", "2023").same == 1
    assert get_division(session, OLD).name == "示例门街道"
