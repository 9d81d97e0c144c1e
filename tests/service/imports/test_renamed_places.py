"""Lists imported after a renaming find the doors of the place by either name."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.divisions.commands import DecisionNotice
from service.imports.commands import ImportReport
from service.matching.queries import resolve
from service.naming import tasks
from service.naming.commands import rename_place
from service.placenames.queries import list_places
from service.runs import worker_loop
from tests.factories.lists import counts, take_in

assert tasks  # the run is registered by it
FIRST, OTHER = "浙江省宁波市余姚市泗门镇", "浙江省宁波市余姚市临山镇"
OLD, NEW = "人民路", "示例大道"


def import_texts(database: Database, folder: Path, *texts: str) -> ImportReport:
    return take_in(database, folder, "地址\n" + "\n".join(texts) + "\n", name="list.csv")


def rename(database: Database, township: str, name: str) -> None:
    """Rename the street of a township and let its doors follow."""
    with database.session() as session:
        (place,) = (
            place
            for place in list_places(session, "330281")
            if [one.name for one in place.townships] == [township]
        )
        notice = DecisionNotice("示例政发〔2026〕9号", date(2026, 11, 1))
        done = rename_place(session, place.number, name, notice, COMMAND_LINE)
    worker_loop.run_chunks(database, done.run_id)


def ask(database: Database, *texts: str) -> Sequence[tuple[str, str]]:
    with database.reading() as session:
        found = [resolve(session, one) for one in texts]
    return [(one.category, one.address.standard_text if one.address else "") for one in found]


def test_a_list_under_the_old_name_is_the_same_and_its_new_doors_get_the_new_name(
    database: Database, tmp_path: Path
) -> None:
    import_texts(database, tmp_path, f"{FIRST}{OLD}16号", f"{FIRST}{OLD}18号")
    rename(database, "泗门镇", NEW)
    again = import_texts(
        database, tmp_path, f"{FIRST}{OLD}16号", f"{FIRST}{NEW}18号", f"{FIRST}{OLD}20号"
    )
    assert counts(again) == (1, 0, 2, 0, 0)
    assert ask(database, f"{FIRST}{NEW}20号", f"{FIRST}{OLD}16号") == [
        ("A", f"{FIRST}{NEW}20号"),
        ("A", f"{FIRST}{NEW}16号"),
    ]


def test_the_old_name_leads_on_beside_another_towns_street_of_that_name(
    database: Database, tmp_path: Path
) -> None:
    import_texts(database, tmp_path, f"{FIRST}{OLD}16号", f"{OTHER}{OLD}16号")
    rename(database, "泗门镇", NEW)
    again = import_texts(database, tmp_path, f"{FIRST}{OLD}16号", f"{OTHER}{OLD}16号")
    assert counts(again) == (0, 0, 2, 0, 0)
    assert ask(database, f"{FIRST}{OLD}16号", f"{OTHER}{OLD}16号", f"{FIRST}{NEW}16号") == [
        ("A", f"{FIRST}{NEW}16号"),
        ("A", f"{OTHER}{OLD}16号"),
        ("A", f"{FIRST}{NEW}16号"),
    ]
    ((category, _),) = ask(database, f"浙江省宁波市余姚市{OLD}16号")
    assert category == "C"


def test_another_town_may_have_a_street_of_the_old_name_afterwards(
    database: Database, tmp_path: Path
) -> None:
    import_texts(database, tmp_path, f"{FIRST}{OLD}16号")
    rename(database, "泗门镇", NEW)
    report = import_texts(database, tmp_path, f"{OTHER}{OLD}16号", f"{FIRST}{OLD}16号")
    assert counts(report) == (1, 0, 1, 0, 0)
    assert ask(database, f"{OTHER}{OLD}16号") == [("A", f"{OTHER}{OLD}16号")]
