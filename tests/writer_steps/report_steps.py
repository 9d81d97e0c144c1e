"""Commands of reports as residents, the desk and the worker give them, over shared plates."""

from datetime import timedelta

from address_model.reports import Feedback, ReportState
from service.core.actor import COMMAND_LINE as ME
from service.core.clock import now_utc
from service.core.files import FileStore
from service.reports import commands as reports
from service.reports.drafts import ReportedChange
from service.work_subscribers import register_work_subscribers
from tests.factories.reports import make_report
from tests.writer_steps.hand import Hand


def answer_report(hand: Hand) -> None:
    number = _report(hand)
    with hand.database.session() as session:
        answer = (ReportState.DONE, "已经办好。")
        reports.answer_report(session, number, answer, ME)


def assign_report(hand: Hand) -> None:
    number = _report(hand)
    with hand.database.session() as session:
        reports.assign_report(session, number, "", ME)


def join_report(hand: Hand) -> None:
    number, other = _report(hand), _report(hand)
    with hand.database.session() as session:
        reports.join_report(session, number, other, ME)


def refer_change(hand: Hand) -> None:
    number = _report(hand)
    with hand.database.session() as session:
        change = ReportedChange(f"address {hand.code()}", "更正地址")
        reports.refer_change(session, number, change, ME)


def give_feedback(hand: Hand) -> None:
    register_work_subscribers()
    with hand.database.session() as session:
        filed = make_report(session, hand.token())
    with hand.database.session() as session:
        reports.answer_report(session, filed.number, (ReportState.UNFOUNDED, "没有这回事。"), ME)
    with hand.database.session() as session:
        reports.give_feedback(session, filed.number, filed.follow, Feedback.UNSOLVED)


def clear_reports(hand: Hand) -> None:
    with hand.database.session() as session:
        reports.clear_reports(session, FileStore(str(hand.folder)), now_utc())


def raise_overdue(hand: Hand) -> None:
    with hand.database.session() as session:
        reports.raise_overdue(session, now_utc() - timedelta(seconds=1))


def _report(hand: Hand) -> str:
    register_work_subscribers()
    with hand.database.session() as session:
        return make_report(session, hand.token()).number
