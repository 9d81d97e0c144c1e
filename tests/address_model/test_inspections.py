import itertools

import pytest

from address_model.inspections import (
    CHECK_IN_ANSWERS,
    EVENT_NAMES,
    FAR_M,
    FINDINGS,
    CheckInAnswer,
    Finding,
    PlateEventKind,
    find_status_after,
    find_status_returned,
    is_far,
)
from address_model.lifecycle import (
    CHECK_IN_RETURNS,
    ENDED,
    MAKING_WALK,
    NOT_HUNG,
    PlateStatus,
    may_plate_become,
)
from address_model.work import (
    WORK_KIND_NAMES,
    WORK_STATE_NAMES,
    WORK_TRANSITIONS,
    WorkKind,
    WorkState,
)


def test_every_finding_and_every_event_has_its_words() -> None:
    assert set(FINDINGS) == set(Finding)
    assert set(EVENT_NAMES) == set(PlateEventKind)
    assert {rule.sign for rule in FINDINGS.values()} >= set("重错漏损破")


@pytest.mark.parametrize("finding", Finding)
@pytest.mark.parametrize("before", PlateStatus)
def test_a_finding_makes_legal_steps_only(finding: Finding, before: PlateStatus) -> None:
    after = find_status_after(finding, before)
    assert after is None or after is before or may_plate_become(before, after)


@pytest.mark.parametrize("before", sorted(ENDED))
def test_of_an_ended_plate_only_a_duplicate_is_found(before: PlateStatus) -> None:
    found = [finding for finding in Finding if find_status_after(finding, before)]
    assert found == [Finding.DUPLICATE]


def test_a_plate_walks_from_the_maker_to_the_wall_by_legal_steps() -> None:
    steps = itertools.pairwise(MAKING_WALK)
    assert all(may_plate_become(before, after) for before, after in steps)


def test_far_is_what_lies_beyond_fifty_metres() -> None:
    assert not is_far(None)
    assert not is_far(FAR_M)
    assert is_far(FAR_M + 0.001)


def test_work_closes_and_reopens() -> None:
    assert set(WORK_TRANSITIONS) == set(WorkState) == set(WORK_STATE_NAMES)
    assert WorkState.OPEN in WORK_TRANSITIONS[WorkState.DONE]
    assert set(WORK_KIND_NAMES) == set(WorkKind)


@pytest.mark.parametrize(("before", "after"), [*itertools.product(PlateStatus, repeat=2)])
def test_a_refused_check_in_leads_back_unless_the_plate_has_ended(
    before: PlateStatus, after: PlateStatus
) -> None:
    former = find_status_returned(before, after, after)
    if before is after:
        assert former is after
    elif after in ENDED or after in NOT_HUNG or before in ENDED:
        assert former is None
    else:
        assert former is (PlateStatus.TO_INSTALL if before in NOT_HUNG else before)
        assert former in CHECK_IN_RETURNS[after]
    for now in set(PlateStatus) - {after}:
        assert find_status_returned(before, after, now) is now


def test_every_answer_has_its_words_and_no_end_is_undone() -> None:
    assert set(CHECK_IN_ANSWERS) == set(CheckInAnswer)
    assert set(CHECK_IN_RETURNS) == set(PlateStatus)
    assert not any(CHECK_IN_RETURNS[state] for state in ENDED)
    assert not ENDED & set().union(*CHECK_IN_RETURNS.values())
