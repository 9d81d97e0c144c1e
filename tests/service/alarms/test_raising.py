from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.alarms import AlarmRule
from address_model.work import WorkKind
from service.alarms.commands import close_alarm, raise_alarms
from service.alarms.judgement import find_signs, within_limits
from service.alarms.queries.alarms import count_open_alarms, get_alarm, list_alarms
from service.alarms.signs import AlarmFigures, Sign
from service.core.actor import COMMAND_LINE, Actor
from service.core.clock import today, zone
from service.core.errors import Conflict, Outdated
from service.core.settings import Settings
from service.plates.commands import confirm_plate
from service.worklists.commands import finish_item, reopen_item
from service.worklists.queries import find_open_item
from tests.factories.areas import make_area, make_duty
from tests.factories.plates import make_plates, make_visit, move_to_township

SETTINGS = Settings()


@pytest.fixture
def yesterday() -> date:
    """The last day whose scans are all counted."""
    return today() - timedelta(days=1)


def scan(session: Session, token: str, days_ago: int, count: int, outcome: str = "current") -> None:
    """Scans at noon of a day."""
    hour = datetime.combine(today() - timedelta(days=days_ago), time(12), tzinfo=zone())
    session.execute(
        text("insert into scan_count values (:token, :hour, :outcome, :count)"),
        {"token": token, "hour": hour, "outcome": outcome, "count": count},
    )


def sign_of(session: Session, token: str, rule: AlarmRule = AlarmRule.COPIED) -> Sign:
    """A sign about a plate."""
    row = session.execute(
        text(
            "select a.code, d.code as division from plate p join address a on a.code = p.code "
            "join division d on d.id = a.division_id where p.token = :token"
        ),
        {"token": token},
    ).one()
    figures = AlarmFigures(days=3, seen=90, expected=24.0, usual=8.0, at_night=30, chance=1e-9)
    return Sign(rule, token, figures, token, row.code, row.division)


def test_an_open_alarm_moves_with_its_address(session: Session, yesterday: date) -> None:
    (token,) = make_plates(session, status="in_use")
    sign = sign_of(session, token)
    (raised,) = raise_alarms(session, yesterday, [sign], SETTINGS)
    assert sign.code
    move_to_township(session, sign.code, "330106001000")
    assert get_alarm(session, raised.number).division == "330106001000"
    assert count_open_alarms(session, sign.division).count == 0


def test_a_sign_becomes_an_alarm_with_work_in_the_grid(session: Session, yesterday: date) -> None:
    (token,) = make_plates(session, status="in_use")
    scan(session, token, 1, 30)
    (raised,) = raise_alarms(session, yesterday, [sign_of(session, token)], SETTINGS)
    alarm = get_alarm(session, raised.number)
    item = find_open_item(session, token, WorkKind.ALARM)
    assert item is not None
    assert (alarm.work_item, item.kind) == (item.id, "alarm")
    assert item.due == today() + timedelta(days=5)
    assert (
        item.reason
        == alarm.reason
        == (
            "这块门牌平时每天约 8 次，最近 3 天每天约 30 次，夜里也扫："
            "可能被翻拍贴到别处。请到现场看看，并留意附近的海报、告示。"
        )
    )
    assert alarm.figures.by_day == (*[0] * 13, 30)
    assert count_open_alarms(session, "330102").count == 1
    assert count_open_alarms(session, "330106").count == 0


def test_a_day_is_judged_once_and_an_open_alarm_is_not_raised_again(
    session: Session, yesterday: date
) -> None:
    (token,) = make_plates(session, status="in_use")
    signs = [sign_of(session, token)]
    assert len(raise_alarms(session, yesterday, signs, SETTINGS)) == 1
    assert raise_alarms(session, yesterday, signs, SETTINGS) == []
    assert raise_alarms(session, yesterday, signs, SETTINGS, again=True) == []
    assert raise_alarms(session, today(), signs, SETTINGS) == []
    assert len(list_alarms(session, "")) == 1


def test_closing_the_work_closes_the_alarm_and_it_rests_for_a_while(
    session: Session, yesterday: date
) -> None:
    (token,) = make_plates(session, status="in_use")
    signs = [sign_of(session, token)]
    (raised,) = raise_alarms(session, yesterday, signs, SETTINGS)
    item = get_alarm(session, raised.number).work_item
    assert item is not None
    finish_item(session, item, "被翻拍，已清除", COMMAND_LINE)
    closed = get_alarm(session, raised.number)
    assert (closed.is_open, closed.finding) == (False, "被翻拍，已清除")
    assert raise_alarms(session, today(), signs, SETTINGS) == []
    after = today() + timedelta(days=SETTINGS.alarm_pause_days + 1)
    assert len(raise_alarms(session, after, signs, SETTINGS)) == 1


def test_reopened_work_is_an_open_alarm(session: Session, yesterday: date) -> None:
    (token,) = make_plates(session, status="in_use")
    (raised,) = raise_alarms(session, yesterday, [sign_of(session, token)], SETTINGS)
    closed = close_alarm(session, raised.number, "没有查到", Actor("staff", "wang"))
    assert (closed.is_open, closed.closed_by) == (False, "staff:wang")
    assert closed.work_item is not None
    reopen_item(session, closed.work_item, "没有办好", COMMAND_LINE)
    assert get_alarm(session, raised.number).is_open


def test_a_crew_that_looks_at_the_plate_closes_the_alarm(session: Session, yesterday: date) -> None:
    (token,) = make_plates(session, status="in_use")
    (raised,) = raise_alarms(session, yesterday, [sign_of(session, token)], SETTINGS)
    confirm_plate(session, token, make_visit(), COMMAND_LINE)
    closed = get_alarm(session, raised.number)
    assert (closed.is_open, closed.finding) == (False, "完好")


def test_forged_tokens_have_no_work_and_are_closed_once(session: Session, yesterday: date) -> None:
    make_plates(session)
    figures = AlarmFigures(days=7, seen=60)
    signs = [Sign(AlarmRule.FORGED, text, figures) for text in ("ABCDE", "ABC", "XYZ12")]
    first, second = raise_alarms(session, yesterday, [signs[0], signs[2]], SETTINGS)
    assert raise_alarms(session, today(), signs, SETTINGS) == []
    alarm = get_alarm(session, first.number)
    assert (alarm.work_item, alarm.division) == (None, "330102000000")
    with pytest.raises(Outdated):
        close_alarm(session, first.number, "没有查到", COMMAND_LINE, seen=7)
    assert not close_alarm(session, first.number, "没有查到", COMMAND_LINE, seen=1).is_open
    with pytest.raises(Conflict):
        close_alarm(session, first.number, "没有查到", COMMAND_LINE)
    assert [one.id for one in list_alarms(session, "330102")] == [second.number]


def test_a_county_is_not_flooded(session: Session) -> None:
    figures = AlarmFigures(days=3, seen=90)
    divisions = ["330102001000"] * 4 + ["330106001000"] * 2
    signs = [
        Sign(AlarmRule.COPIED, str(at), figures, str(at), division=division)
        for at, division in enumerate(divisions)
    ]
    assert [sign.subject for sign in within_limits(signs, 3)] == ["0", "1", "2", "4", "5"]


def test_a_plate_scanned_after_it_ended_or_before_it_hangs(
    session: Session, yesterday: date
) -> None:
    ended, quiet, waiting, once = make_plates(session, 4, status="to_install")
    session.execute(
        text("update plate set status = 'void' where token = any(:tokens)"),
        {"tokens": [ended, quiet]},
    )
    for back in (1, 2, 3):
        scan(session, ended, back, 4, "void")
        scan(session, quiet, back, 1, "void")
        scan(session, waiting, back, 5)
    scan(session, once, 1, 40)
    signs = find_signs(session, yesterday, SETTINGS)
    assert {(sign.rule, sign.token, sign.figures.seen) for sign in signs} == {
        (AlarmRule.ENDED, ended, 12),
        (AlarmRule.UNHUNG, waiting, 15),
    }


def test_the_days_of_a_crews_visit_do_not_count(session: Session, yesterday: date) -> None:
    (token,) = make_plates(session, status="to_install")
    for back in (1, 2, 3):
        scan(session, token, back, 5)
        at = datetime.now(UTC) - timedelta(days=back)
        session.execute(
            text(
                "insert into plate_event (token, id, kind, code, before, after, at, actor, detail, "
                "digest) select token, :id, 'missing', code, status, status, :at, 'x:y', '{}', '' "
                "from plate where token = :token"
            ),
            {"token": token, "id": str(back), "at": at},
        )
    assert find_signs(session, yesterday, SETTINGS) == []


def test_a_contact_nobody_confirmed_on_a_much_scanned_plate(
    session: Session, yesterday: date
) -> None:
    first, second = make_plates(session, 2, status="in_use")
    area = make_area(session)
    long_ago = today() - timedelta(days=200)
    make_duty(session, area, valid_from=long_ago, confirmed_at=long_ago)
    make_duty(session, area, valid_from=long_ago, confirmed_at=today())
    session.execute(
        text(
            "insert into address_area (code, area_id, kind, how) "
            "select code, :area, 'grid', 'polygon' from plate"
        ),
        {"area": area.id},
    )
    scan(session, first, 2, 40)
    scan(session, second, 2, 50)
    (sign,) = find_signs(session, yesterday, SETTINGS)
    assert (sign.rule, sign.token, sign.figures.seen) == (AlarmRule.UNCONFIRMED, second, 50)
    assert sign.detail == area.name
