"""A register with plates issued twice goes up to migration 0021 and loses none of them."""

from sqlalchemy import Engine, create_engine, text

from migrations import run
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.integrity import queries
from service.plates.commands import issue_blank_plates, open_batch
from tests.database import TestDatabase
from tests.factories.batches import PREFIX
from tests.factories.divisions import make_place
from tests.factories.plates import make_plates

BEFORE = "0020"


def fill(database: Database) -> list[str]:
    """Two doors and a batch of blank plates; the tokens of the doors."""
    with database.session() as session:
        place = make_place(session)
        tokens = make_plates(session, 2, status="in_use", place=place)
        blank = open_batch(
            session, name="备用", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
        )
        issue_blank_plates(session, blank, "330102", 1, COMMAND_LINE)
        return tokens


def issue_again(engine: Engine, token: str) -> None:
    """What two `plates issue` at once left behind: a second and third plate, same generation."""
    with engine.begin() as connection:
        connection.execute(
            text(
                "insert into plate (token, code, batch_id, generation, status, created_at) "
                "select t.token, code, batch_id, 1, t.status, created_at + interval '1 hour' "
                "from plate, (values ('0000000001', 'to_make'), ('0000000002', 'void')) "
                "as t(token, status) where plate.token = :token"
            ),
            {"token": token},
        )
        connection.execute(text("update plate_batch set division = ''"))


def test_plates_of_one_generation_are_numbered_anew_and_none_is_lost(
    fresh_database: TestDatabase,
) -> None:
    database, engine = Database(fresh_database.app_url), create_engine(fresh_database.owner_url)
    twice, once = fill(database)
    run.downgrade(fresh_database.owner_url, BEFORE)
    issue_again(engine, twice)
    run.upgrade(fresh_database.owner_url)
    with database.reading() as session:
        rows = session.execute(
            text("select token, generation, status from plate where code is not null order by 1")
        ).all()
        assert {tuple(row) for row in rows} == {
            (twice, 1, "in_use"),
            ("0000000001", 2, "to_make"),
            ("0000000002", 3, "void"),
            (once, 1, "in_use"),
        }
        assert "1 addresses have several" in queries.find_double_plates(session)
        divisions = session.scalars(text("select division from plate_batch order by id")).all()
        assert divisions == ["330102001000", "330102000000"]
    with database.session() as session:
        session.execute(text("update plate set status = 'void' where token = '0000000001'"))
        assert queries.find_double_plates(session) == ""
    database.dispose()
    engine.dispose()
