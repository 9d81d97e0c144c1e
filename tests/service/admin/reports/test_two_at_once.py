"""Two at once over reports: answers, joins, workers that raise them, and a resident who reports."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from address_model.reports import ReportState
from service.core.actor import COMMAND_LINE as ME
from service.core.clock import now_utc
from service.core.database import Database, Session
from service.reports.commands import answer_report, assign_report, join_report, raise_overdue
from service.reports.queries import get_report
from tests.database import TestDatabase
from tests.factories.plates import make_plates
from tests.factories.reports import make_report
from tests.interleaving import Step, interleave_everywhere

DONE = (ReportState.DONE, "门牌已经修好。")
LEFT_BEHIND = text(
    "select own.number from report own join report head on head.number = own.joined_to "
    "where own.state in ('received', 'assigned') and head.state in ('done', 'unfounded')"
)


@pytest.fixture
def doors(fresh_database: TestDatabase) -> Iterator[tuple[Database, list[str]]]:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        plates = make_plates(session, 2, status="in_use")
    yield database, plates
    database.dispose()


def report(database: Database, token: str) -> str:
    """A report that doubles none: those before it are answered."""
    with database.session() as session:
        number = make_report(session, token).number
        head = get_report(session, number).joined_to
        if head:
            answer_report(session, head, DONE, ME)
            number = make_report(session, token).number
        return number


def test_two_officers_answer_one_report_once(doors: tuple[Database, list[str]]) -> None:
    database, (token, _) = doors

    def make() -> tuple[Step, Step]:
        number = report(database, token)
        one = lambda s: answer_report(s, number, DONE, ME, seen=1)  # noqa: E731
        other = (ReportState.UNFOUNDED, "没有发现问题。")
        return one, lambda s: answer_report(s, number, other, ME, seen=1)

    for outcomes in interleave_everywhere(database, make):
        assert [one.refused is None for one in outcomes].count(True) == 1


def test_a_report_that_comes_while_its_head_is_answered_is_never_left_behind(
    doors: tuple[Database, list[str]],
) -> None:
    database, (token, _) = doors
    sent: list[str] = []

    def make() -> tuple[Step, Step]:
        number = report(database, token)
        return (
            lambda s: answer_report(s, number, DONE, ME),
            lambda s: sent.append(make_report(s, token).number),
        )

    for outcomes in interleave_everywhere(database, make):
        assert [one.refused for one in outcomes] == [None, None]
        with database.reading() as session:
            late = get_report(session, sent[-1])
            head = get_report(session, late.joined_to) if late.joined_to else late
            assert late.is_open == head.is_open


def test_a_report_is_answered_while_it_is_joined(doors: tuple[Database, list[str]]) -> None:
    database, (first, second) = doors

    def make() -> tuple[Step, Step]:
        own, other = report(database, first), report(database, second)
        return (
            lambda s: join_report(s, own, other, ME),
            lambda s: answer_report(s, other, DONE, ME),
        )

    for _ in interleave_everywhere(database, make):
        with database.reading() as session:
            assert _left_behind(session) == []


def test_two_workers_raise_a_report_once(doors: tuple[Database, list[str]]) -> None:
    database, (token, _) = doors
    made: list[str] = []

    def make() -> tuple[Step, Step]:
        made.append(report(database, token))
        before = now_utc() + timedelta(milliseconds=1)
        step = lambda s: raise_overdue(s, before)  # noqa: E731
        return step, step

    for _ in interleave_everywhere(database, make):
        with database.reading() as session:
            assert get_report(session, made[-1]).level == 4


def test_work_is_given_out_while_its_report_is_answered(
    doors: tuple[Database, list[str]],
) -> None:
    database, (token, _) = doors

    def make() -> tuple[Step, Step]:
        number = report(database, token)
        return (
            lambda s: assign_report(s, number, "", ME),
            lambda s: answer_report(s, number, DONE, ME),
        )

    for _, answered in interleave_everywhere(database, make):
        assert answered.refused is None


def _left_behind(session: Session) -> list[str]:
    """Reports that wait although the one they are joined to is answered."""
    return list(session.scalars(LEFT_BEHIND))
