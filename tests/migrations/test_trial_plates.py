"""Migration 0022 over a register that holds a demo's plates beside those of a city."""

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
    before = ScriptDirectory(str(run.FOLDER)).get_revision("0022").down_revision
    run.downgrade(fresh_database.owner_url, str(before))
    engine = create_engine(fresh_database.owner_url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "insert into address (code, county, division_id, standard_text, elements, level, "
                "street_order) select '3301029999999999', county, division_id, 'x', elements, "
                "level, street_order "
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


def test_a_demo_issued_twice_counts_downwards_and_comes_back_behind_the_real_plate(
    fresh_database: TestDatabase,
) -> None:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        (first,) = make_plates(session, 1, status="in_use")
        session.execute(text("update address set is_sample = true"))
    database.dispose()
    run.downgrade(fresh_database.owner_url, "0020")  # before generations were unique
    engine = create_engine(fresh_database.owner_url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "insert into plate (token, code, batch_id, generation, created_at) "
                "select 'TW1CE00000', code, batch_id, generation, created_at + interval '1 hour' "
                "from plate"
            )
        )
    run.upgrade(fresh_database.owner_url)
    numbers = text("select token, generation from plate order by created_at, token")
    with engine.begin() as connection:
        rows = [tuple(row) for row in connection.execute(numbers)]
        assert rows == [(first, -1), ("TW1CE00000", -2)]
        connection.execute(
            text(
                "with b as (insert into plate_batch (name, design, payload_prefix) "
                "values ('real', 'medium', 'x') returning id) "
                "insert into plate (token, code, batch_id, generation, created_at) "
                "select 'REAL000000', min(p.code), min(b.id), 1, "
                "max(created_at) + interval '1 hour' "
                "from plate p, b"
            )
        )
    run.downgrade(fresh_database.owner_url, "0021")
    with engine.begin() as connection:
        rows = [tuple(row) for row in connection.execute(numbers)]
    engine.dispose()
    assert rows == [(first, 2), ("TW1CE00000", 3), ("REAL000000", 1)]
