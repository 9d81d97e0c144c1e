"""Migration 0020 over a register that holds a demo's plates beside those of a city."""

from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from migrations import run
from service.core.database import Database
from tests.database import TestDatabase
from tests.factories.plates import make_plates

_READ = "select b.is_trial, p.generation from plate p join plate_batch b on b.id = p.batch_id"


def test_plates_of_example_addresses_become_trials_and_others_stay(
    fresh_database: TestDatabase,
) -> None:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        samples = make_plates(session, 2)
        session.execute(text("update address set is_sample = true"))
    with database.session() as session:
        batch = "insert into plate_batch (name, design, payload_prefix) values ('b', 'medium', 'x')"
        real = session.scalar(text(f"{batch} returning id"))
        blanks = session.scalar(text(f"{batch} returning id"))
        for token, values in (
            ("REAL000000", {"b": real, "code": True}),
            ("BLANK00000", {"b": blanks, "code": False}),
        ):
            session.execute(
                text(
                    "insert into plate (token, batch_id, county, code, generation) select :t, :b, "
                    "'330102', case when :code then min(code) end, case when :code then 2 else 0 "
                    "end from address"
                ),
                {"t": token} | values,
            )
    database.dispose()
    before = ScriptDirectory(str(run.FOLDER)).get_revision("0020").down_revision
    run.downgrade(fresh_database.owner_url, str(before))
    engine = create_engine(fresh_database.owner_url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "insert into address (code, county, division_id, standard_text, elements, level) "
                "select '3301029999999999', county, division_id, 'x', elements, level "
                "from address limit 1"
            )
        )
        connection.execute(
            text("update plate set code = '3301029999999999' where token = 'REAL000000'")
        )
    run.upgrade(fresh_database.owner_url)
    with engine.begin() as connection:
        found = {
            token: tuple(connection.execute(text(f"{_READ} where token = :t"), {"t": token}).one())
            for token in (*samples, "REAL000000", "BLANK00000")
        }
    engine.dispose()
    assert [found[token] for token in samples] == [(True, -1)] * 2
    assert found["REAL000000"] == (False, 2)
    assert found["BLANK00000"] == (False, 0)
