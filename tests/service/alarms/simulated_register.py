"""Writes a simulated town into a database, judges its days, and says what was found."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import orjson
from sqlalchemy import text

from address_model.alarms import AlarmRule
from address_model.codes import make_code
from address_model.elements import Elements, elements_to_plain
from service.alarms.daily import judge_day
from service.core.bulk_copy import copy_rows
from service.core.clock import zone
from service.core.database import Database, Session
from service.core.settings import Settings
from service.divisions.commands import load_divisions
from service.divisions.sources import ListedDivision
from service.scans.queries.unknown_counts import KEPT_CHARACTERS
from tests.factories.divisions import make_place
from tests.service.alarms.simulated_scans import (
    DAYS,
    FIRST_DAY,
    JUDGED_FROM,
    TOWNSHIPS,
    SimulatedTown,
    day_of_town,
)

COUNTY, COUNTY_CODE = "330102", "330102000000"
_BEFORE = 100
"""Days before the first one on which plates that hang from the start were hung."""


@dataclass(frozen=True)
class Outcome:
    """What was found in one town, as counts, and the false alarms by rule."""

    copies: int
    silent: int
    series: int
    false: Counter[str]
    false_of: tuple[str, ...] = ()

    @property
    def false_a_month(self) -> float:
        """False alarms a month: 60 judged days are two."""
        return self.false.total() / 2


def write_town(database: Database, town: SimulatedTown) -> None:
    """Write addresses, plates and counts into an empty database."""
    with database.session() as session:
        make_place(session)
        codes = [f"330102{500 + at:03}000" for at in range(TOWNSHIPS)]
        listed = [
            ListedDivision(code, 4, f"示例{at}镇", COUNTY_CODE) for at, code in enumerate(codes)
        ]
        load_divisions(session, listed, "nbs", "2023")
        _write_plates(session, town, codes)
        hours = (
            (scans.token, _moment(scans.day, scans.hour), scans.outcome, scans.count)
            for scans in town.rows()
        )
        copy_rows(session, "scan_count", ("token", "hour", "outcome", "count"), hours)
        beginnings: Counter[tuple[int, str]] = Counter()
        for (day, token), count in town.unknown.items():
            beginnings[day, token[:KEPT_CHARACTERS]] += count
        copy_rows(
            session,
            "unknown_token_count",
            ("day", "beginning", "count"),
            ((day_of_town(day), token, count) for (day, token), count in beginnings.items()),
        )


def judge_town(database: Database, town: SimulatedTown, settings: Settings) -> Outcome:
    """Judge every day in turn, as the worker does, and compare with what was planted."""
    found: dict[AlarmRule, dict[str, int]] = {rule: {} for rule in AlarmRule}
    for day in range(JUDGED_FROM, DAYS):
        for raised in judge_day(database, day_of_town(day), settings):
            found[raised.sign.rule].setdefault(raised.sign.subject, day)
    return compare(town, found)


def compare(town: SimulatedTown, found: dict[AlarmRule, dict[str, int]]) -> Outcome:
    """What of the planted was found in time, and which alarms are false."""
    copied, silent, forged = (
        found[rule] for rule in (AlarmRule.COPIED, AlarmRule.SILENT, AlarmRule.FORGED)
    )
    true = {
        (AlarmRule.COPIED, token): copied[token] - since
        for token, since in town.copies.items()
        if copied.get(token, -1) >= since
    } | {
        (AlarmRule.SILENT, token): silent[token] - since
        for token, since in town.silent.items()
        if silent.get(token, -1) >= since
    }
    for begins, since in town.forgeries.items():
        for subject, day in forged.items():
            if day >= since and (subject.startswith(begins) or begins.startswith(subject)):
                true[AlarmRule.FORGED, subject] = day - since
    wrong = [
        (rule, subject)
        for rule, some in found.items()
        for subject in some
        if (rule, subject) not in true
    ]
    named = {
        begins
        for begins in town.forgeries
        for rule, subject in true
        if rule is AlarmRule.FORGED and (subject.startswith(begins) or begins.startswith(subject))
    }
    return Outcome(
        copies=sum(rule is AlarmRule.COPIED and late <= 2 for (rule, _), late in true.items()),
        silent=sum(rule is AlarmRule.SILENT and late <= 13 for (rule, _), late in true.items()),
        series=len(named),
        false=Counter(str(rule) for rule, _ in wrong),
        false_of=tuple(
            f"{rule} {subject} {town.kinds.get(subject, '')}" for rule, subject in wrong
        ),
    )


def _write_plates(session: Session, town: SimulatedTown, townships: list[str]) -> None:
    rows = session.execute(text("select code, id from division where code_system = 'nbs'"))
    ids = {row.code: row.id for row in rows}
    batch = session.execute(
        text(
            "insert into plate_batch (name, design, payload_prefix) "
            "values ('simulated', 'medium', 'https://CITY.EXAMPLE/') returning id"
        )
    ).scalar_one()
    elements = orjson.dumps(elements_to_plain(Elements(province="浙江省"))).decode()
    codes = [make_code(COUNTY, at, b"simulated").digits for at in range(len(town.tokens))]
    addresses = (
        (code, COUNTY, ids[townships[at % TOWNSHIPS]], f"示例{at}号", elements, b"", "number")
        for at, code in enumerate(codes)
    )
    columns = (
        "code",
        "county",
        "division_id",
        "standard_text",
        "elements",
        "street_order",
        "level",
    )
    copy_rows(session, "address", columns, addresses)
    plates = (
        (
            token, code, batch, "void" if token in town.taken_down else "in_use",
            _moment(town.hung.get(token, -_BEFORE), 12),
        )
        for token, code in zip(town.tokens, codes, strict=True)
    )  # fmt: skip
    copy_rows(session, "plate", ("token", "code", "batch_id", "status", "installed_at"), plates)


def _moment(day: int, hour: int) -> datetime:
    return datetime.combine(FIRST_DAY + timedelta(days=day), time(hour), tzinfo=zone())
