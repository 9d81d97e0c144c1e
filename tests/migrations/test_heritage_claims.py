"""A catalogue from before claims: its evidence becomes claims, and what was reviewed stays."""

from dataclasses import replace

from sqlalchemy import create_engine, text

from address_model.shipped import data_folder
from migrations import run
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.heritage.commands import load_catalogue
from service.heritage.queries import get_entry
from service.heritage.seed import read_seed
from tests.database import TestDatabase, database_with_divisions
from tests.migrations.test_filling import revision_before

_BEFORE = (
    "insert into place_name (number, standard_name, specific, kind, division_id) "
    "select v.key, v.said, v.said, 'county', id from division, "
    "(values ('ZJH-0001', '海盐县'), ('ZJH-0088', '断桥')) v (key, said) "
    "where code = '330424000000' and code_system = 'nbs'",
    "insert into heritage_entry (id, place_name_id, heritage_class, story_zh, review_state, tier) "
    "select number, id, 'ancient_county', '旧说', "
    "case number when 'ZJH-0001' then 'reviewed' else 'imported' end, 1 from place_name "
    "where number like 'ZJH-%'",
    "insert into source (id, title, url, kind, tier) values (901, '《宋史》', '', "
    "'standard_history', 1), (902, '《宋史》', '', 'standard_history', 4), "
    "(903, 'a.test', 'https://a.test/1', '', 0)",
    "insert into attestation (entry_id, position, subject, year, precision, calendar_text, "
    "source_id, kind, grade, note) select id, 0, 'name', 1121, 'year', '宣和三年', "
    "case id when 'ZJH-0001' then 901 else 902 end, 'standard_history', 'A', '原文未核' "
    "from heritage_entry",
    "insert into origin_account (entry_id, position, kind, text, source_id) values "
    "('ZJH-0001', 0, 'documented', '产盐得名', null), ('ZJH-0001', 1, 'legend', '相传', 903), "
    "('ZJH-0088', 0, 'legend', '路断', 903)",
    "insert into heritage_entry_source (entry_id, source_id, position) values "
    "('ZJH-0001', 903, 0), ('ZJH-0001', 901, 1), ('ZJH-0001', 902, 2), ('ZJH-0088', 903, 0)",
)


def test_evidence_becomes_claims_and_a_load_leaves_what_was_reviewed() -> None:
    with database_with_divisions() as made:
        _go_back(made)
        run.upgrade(made.owner_url)
        seed = read_seed(data_folder() / "heritage")
        database = Database(made.app_url)
        with database.session() as session:
            before = get_entry(session, "ZJH-0001")
            other = get_entry(session, "ZJH-0088")
            report = load_catalogue(session, seed.entries, seed.schemes, COMMAND_LINE)
            after, loaded = get_entry(session, "ZJH-0001"), get_entry(session, "ZJH-0088")
        database.dispose()
    told = [(one.subject, one.value, one.year, one.grade) for one in before.claims]
    assert told == [
        ("name", "宣和三年", 1121, "D"),
        ("origin", "产盐得名", None, "D"),
        ("origin", "相传", None, "D"),
    ]
    assert [one.title for one in before.claims[1].citations] == ["a.test", "《宋史》"]
    assert [one.subject for one in other.claims] == ["name", "origin", "unspecified"]
    assert report.kept == ["ZJH-0001"]
    assert report.changed == ["ZJH-0088"]
    assert len(report.new) == len(seed.entries) - 2
    assert after == before
    [shipped] = [one for one in seed.entries if one.id == "ZJH-0088"]
    assert replace(loaded, place=shipped.place) == shipped


def test_claims_go_back_to_attestations_and_accounts() -> None:
    with database_with_divisions() as made:
        _go_back(made)
        run.upgrade(made.owner_url)
        run.downgrade(made.owner_url, revision_before("heritage_claims"))
        engine = create_engine(made.app_url)
        with engine.connect() as connection:
            dated = connection.execute(
                text("select entry_id, subject, year, calendar_text from attestation order by 1")
            ).all()
            told = connection.scalars(text("select text from origin_account order by id")).all()
        engine.dispose()
        run.upgrade(made.owner_url)
    assert [tuple(one) for one in dated] == [
        ("ZJH-0001", "name", 1121, "宣和三年"),
        ("ZJH-0088", "name", 1121, "宣和三年"),
    ]
    assert told == ["产盐得名", "相传", "路断"]


def _go_back(made: TestDatabase) -> None:
    """To before claims, with two entries; one of them is reviewed."""
    run.downgrade(made.owner_url, revision_before("heritage_claims"))
    engine = create_engine(made.owner_url)
    with engine.begin() as connection:
        for statement in _BEFORE:
            connection.execute(text(statement))
    engine.dispose()
