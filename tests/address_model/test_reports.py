import pytest

from address_model.reports import (
    CLOSED,
    FEEDBACK_NAMES,
    KIND_NAMES,
    OPEN,
    REPORT_TRANSITIONS,
    STATE_NAMES,
    Feedback,
    ReportKind,
    ReportState,
    level_above,
    may_report_become,
)


def test_every_word_has_a_name() -> None:
    assert set(KIND_NAMES) == set(ReportKind)
    assert set(STATE_NAMES) == set(ReportState)
    assert set(FEEDBACK_NAMES) == set(Feedback)
    assert {*OPEN, *CLOSED} == set(ReportState) == set(REPORT_TRANSITIONS)


@pytest.mark.parametrize("state", ReportState)
def test_a_state_never_becomes_itself_and_a_closed_one_only_begins_anew(state: ReportState) -> None:
    assert not may_report_become(state, state)
    if state in CLOSED:
        assert REPORT_TRANSITIONS[state] == {ReportState.RECEIVED}


def test_a_report_rises_to_the_county_and_no_further() -> None:
    assert [level_above(level) for level in (5, 4, 3, 2)] == [4, 3, 3, 3]
