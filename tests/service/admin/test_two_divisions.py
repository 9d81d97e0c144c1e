"""Whoever works in two divisions sees the work of both."""

from collections.abc import Iterator

import pytest

from address_model.work import WorkKind
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.worklists.commands import open_item
from service.worklists.drafts import WorkDraft
from service.worklists.queries import WorkFilter, list_area_loads, list_items
from tests.database import migrated_database
from tests.factories.office import COUNTIES, Office, make_office
from tests.factories.staff import make_account, sign_in


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with migrated_database() as made:
        database = Database(made.app_url)
        office = make_office(database)
        with database.session() as session:
            for side, token in office.plates.items():
                draft = WorkDraft(WorkKind.INSPECT, office.codes[side], token, f"看看{side}")
                open_item(session, draft, COMMAND_LINE)
        yield office
        database.dispose()


@pytest.mark.parametrize("sides", [("own",), ("foreign",), ("own", "foreign")])
def test_a_crew_sees_the_work_of_all_its_divisions_and_no_other(
    office: Office, sides: tuple[str, ...]
) -> None:
    name = "-".join(sides)
    make_account(office.database, name, *[(Role.CREW, COUNTIES[side]) for side in sides])
    page = sign_in(office.database, name).browser.get("/crew").text
    assert {side for side in COUNTIES if f"看看{side}" in page} == set(sides)


def test_scopes_narrow_together_with_everything_else(office: Office) -> None:
    cases = {("",): 2, ("3301",): 2, ("330102", "330106"): 2, ("330106",): 1, (): 0}
    with office.database.reading() as session:
        for scopes, count in cases.items():
            assert len(list_items(session, WorkFilter(scopes=scopes))) == count
            loads = list_area_loads(session, WorkFilter(scopes=scopes))
            assert sum(load.count for load in loads) == count
        both = WorkFilter(division="330102", scopes=("330106",))
        assert list_items(session, both) == []
