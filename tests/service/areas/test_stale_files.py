"""Files that carry the version of what was edited in them: one is stored, the other row refused."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count

import pytest
from sqlalchemy import text

from service.areas.commands.areas import LoadedAreas, load_areas
from service.areas.commands.duties import load_duties
from service.areas.rows import ListedDuty
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database
from tests.database import migrated_database
from tests.factories.areas import box, make_area, make_listed
from tests.interleaving import Step, interleave_everywhere

TODAY = date(2026, 11, 30)
numbers = count(1)


@pytest.fixture(scope="module")
def register() -> Iterator[Database]:
    with migrated_database() as made:
        database = Database(made.app_url)
        yield database
        database.dispose()


def version_of(database: Database, table: str, column: str, key: str) -> int:
    statement = text(f"select version from {table} where {column} = :key")  # noqa: S608 - our own names
    with database.reading() as session:
        return int(session.execute(statement, {"key": key}).scalar_one())


def test_an_area_edited_in_two_files_is_stored_once_and_the_other_row_reports_both(
    register: Database,
) -> None:
    codes: list[str] = []
    seen: list[int] = []

    def pair() -> tuple[Step, Step]:
        code = f"g-{next(numbers)}"
        with register.session() as session:
            load_areas(session, [make_listed(code, box(1, 1, 2, 2))], ME, TODAY)
        codes.append(code)
        seen.append(version_of(register, "area", "code", code))
        files = [make_listed(code, box(1, 1, 3, n), version=seen[-1]) for n in (3, 4)]
        return (
            lambda s: load_areas(s, files[:1], ME, TODAY),
            lambda s: load_areas(s, files[1:], ME, TODAY),
        )

    for outcomes in interleave_everywhere(register, pair):
        reports = [one.result for one in outcomes if isinstance(one.result, LoadedAreas)]
        assert sorted((one.changed, len(one.faults)) for one in reports) == [(0, 1), (1, 0)]
        (fault,) = [fault for report in reports for fault in report.faults]
        now = version_of(register, "area", "code", codes[-1])
        assert fault.field == "version"
        assert f"第 {seen[-1]} 版，现在是第 {now} 版" in fault.reason


def test_the_same_file_again_changes_nothing_though_it_is_outdated(
    register: Database,
) -> None:
    with register.session() as session:
        load_areas(session, [make_listed("g-same", box(1, 1, 2, 2))], ME, TODAY)
        edited = make_listed("g-same", box(1, 1, 3, 3), version=1)
        assert load_areas(session, [edited], ME, TODAY).changed == 1
        again = load_areas(session, [edited], ME, TODAY)
    assert (again.same, again.faults) == (1, [])


def test_a_duty_edited_in_two_sheets_is_stored_once_and_the_other_row_reports_both(
    register: Database,
) -> None:
    begins = date(2026, 2, 1)
    with register.session() as session:
        make_area(session, name="g2")
        row = ListedDuty(2, "g2", "grid_worker", "演示乙", "0571-00000002", begins)
        load_duties(session, [row], ME)
    seen = version_of(register, "duty", "display_name", "演示乙")
    sheets = [
        ListedDuty(2, "g2", "grid_worker", "演示乙", f"0571-0000001{n}", begins, version=seen)
        for n in (1, 2)
    ]
    with register.session() as session:
        assert load_duties(session, sheets[:1], ME).changed == 1
    with register.session() as session:
        late = load_duties(session, sheets[1:], ME)
    (fault,) = late.faults
    assert (late.changed, fault.field) == (0, "version")
    assert "0571-00000011" in fault.reason


def test_a_former_version_keeps_its_number(register: Database) -> None:
    with register.session() as session:
        load_areas(session, [make_listed("g-kept", box(1, 1, 2, 2))], ME, TODAY)
        moved = make_listed("g-kept", box(1, 1, 3, 3))
        load_areas(session, [moved], ME, TODAY + timedelta(days=1))
        read = "select succeeded_by is null, version from area where code = 'g-kept' order by 2"
        before, present = (tuple(row) for row in session.execute(text(read)))
    assert (before, present[0]) == ((False, 1), True)
    assert present[1] > 1
