"""Every day a rule speaks of is a day where the people are: half past one at night there."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.work import DAYS_ALLOWED, WorkKind
from service.addresses.commands import (
    SourceText,
    add_identifier,
    add_name,
    correct_address,
    enter_addresses,
    follow_division,
    keep_source_texts,
    retire_address,
    split_address,
)
from service.addresses.commands.names import NameDraft
from service.addresses.commands.renamings import Renaming
from service.addresses.queries import get_address
from service.core import clock
from service.core.actor import COMMAND_LINE as ME
from service.divisions.queries import get_division
from service.scans.queries.cards import find_public_card
from service.worklists.commands import open_item
from service.worklists.drafts import WorkDraft
from tests.factories.addresses import make_draft, placed
from tests.factories.divisions import make_place

NIGHT = datetime(2031, 5, 1, 17, 30, tzinfo=UTC)
HERE, ABROAD = date(2031, 5, 2), date(2031, 5, 1)
"""Neither is the day of the database, which nobody can set."""

DAYS = """
    select valid_from from address_name union select valid_to from address_name
    union select valid_from from address_identifier union select valid_to from address_identifier
    union select valid_from from place_township union select valid_to from place_township
"""


def live(session: Session) -> str:
    """Let addresses come, change and go by every command that writes a day; one that stayed."""
    place = make_place(session)
    first = make_draft(place, "1", source_id="s-1", identifiers=(("city", "c-1"),))
    codes = [
        str(code)
        for code in enter_addresses(session, [first, *(make_draft(place, n) for n in "234")], ME)
    ]
    other = placed(session, make_draft(place, "9"))
    correct_address(session, get_address(session, codes[0]), other, ME)
    add_name(session, codes[1], NameDraft("330102|河坊街|老二", "老二号", "alias"), ME)
    add_identifier(session, codes[1], ("police", "p-2"), ME)
    keep_source_texts(
        session, [SourceText("330102|河坊街|2", codes[1], "河坊街2", "list", "row-2")]
    )
    split_address(
        session, codes[2], [make_draft(place, "6"), make_draft(place, "7")], ME, reason="分户"
    )
    retire_address(session, codes[3], ME, reason="拆除")
    old, new = get_division(session, "330102001000"), get_division(session, "330106001000")
    following = Renaming([old.id], old.name, new, moves=True, source="民政〔2031〕1号")
    follow_division(session, following, ME)
    return codes[1]


@pytest.mark.parametrize(("zone", "day"), [("", HERE), ("UTC", ABROAD)])
def test_what_begins_and_ends_at_night_does_so_on_the_day_of_the_people(
    session: Session, monkeypatch: pytest.MonkeyPatch, zone: str, day: date
) -> None:
    monkeypatch.setattr(clock, "now_utc", lambda: NIGHT)
    if zone:
        monkeypatch.setenv("MENPAI_TIMEZONE", zone)
    code = live(session)
    assert set(session.scalars(text(DAYS))) == {day, None}
    item = open_item(session, WorkDraft(WorkKind.INSPECT, code), ME)
    due = session.scalar(text("select due from work_item where id = :id"), {"id": item})
    assert due == day + timedelta(days=DAYS_ALLOWED[WorkKind.INSPECT])
    assert find_public_card(session, code) is not None
