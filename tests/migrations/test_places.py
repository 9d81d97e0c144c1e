"""A register of the version before places: every text leads where it led, and nothing is lost."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, create_engine, text

from address_model.shipped import data_folder
from migrations import run
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.faults import EnvironmentFault
from service.divisions.commands import load_shipped
from service.integrity import queries
from service.matching.queries import resolve_many
from service.matching.resolve_options import ResolveOptions
from service.naming.queries import list_suspects
from service.placenames.queries import list_places
from tests.database import TestDatabase
from tests.factories.lists import ask
from tests.migrations.old_register import OldAddress, write
from tests.migrations.test_filling import revision_before

YUYAO, YIWU = "浙江省宁波市余姚市", "浙江省金华市义乌市"
HEFANG = "浙江省杭州市上城区清波街道河坊街"
WENSAN = "浙江省杭州市西湖区翠苑街道文三路"
LANXI = "浙江省金华市兰溪市"
LOOSE = f"{YUYAO}人民路22号"


def old_addresses() -> list[OldAddress]:
    """Streets, gates, villages, namesakes, former and retired texts, as the old version held."""
    room = "东方大厦3幢301室"
    return [
        OldAddress(f"{HEFANG}88号", aliases=("平湖秋月亭",)),
        OldAddress(f"{HEFANG}90号", former=(f"{HEFANG}92号", f"{HEFANG[:-3]}清河坊街5号")),
        OldAddress(f"{HEFANG}90号2幢"),
        OldAddress(f"{HEFANG}90号2幢1单元101室"),
        OldAddress(f"{HEFANG}94号", status="retired"),
        # estates of one name whose rooms met under no key, because their gates stood in it
        OldAddress(f"{WENSAN}138号{room}"),
        OldAddress(f"{WENSAN}138号东方大厦3幢302室", former=(f"{WENSAN}138号东方大厦3幢308室",)),
        OldAddress(f"{WENSAN}140号{room}", former=(f"{WENSAN}15号",)),
        OldAddress(f"{WENSAN}142号{room}"),
        OldAddress(f"{WENSAN[:-3]}文一路20号{room}"),
        OldAddress(f"{WENSAN[:-3]}{room}"),
        # one village as community and as natural village, and without its township
        OldAddress(f"{LANXI}诸葛镇诸葛村5号"),
        OldAddress(f"{LANXI}诸葛镇长乐村9号", former=(f"{LANXI}诸葛镇诸葛村7号",)),
        # a street in two towns, one through subdistricts, doors without any
        OldAddress(f"{YUYAO}泗门镇人民路16号"),
        OldAddress(
            f"{YUYAO}泗门镇人民路18号",
            former=(f"{YUYAO}临山镇人民路18号",),
            point=(121.0, 30.1),
        ),
        OldAddress(f"{YUYAO}临山镇人民路20号", point=(121.2, 30.1)),
        OldAddress(LOOSE),
        OldAddress(f"{YIWU}稠城街道丹溪北路1号", point=(120.06, 29.3)),
        OldAddress(f"{YIWU}北苑街道丹溪北路3号", point=(120.01, 29.3)),
        OldAddress(f"{YIWU}福田街道丹溪北路5号", former=(f"{YIWU}福田街道从前路5号",)),
        OldAddress(f"{YIWU}福田街道望道路3弄7号"),
    ]


@pytest.fixture
def old(fresh_database: TestDatabase) -> Iterator[Engine]:
    """The tables of the version before places, with the shipped divisions and two place names."""
    database = Database(fresh_database.app_url)
    with database.session() as session:
        load_shipped(session, data_folder(), COMMAND_LINE)
    database.dispose()
    run.downgrade(fresh_database.owner_url, revision_before("_places"))
    engine = create_engine(fresh_database.owner_url)
    yield engine
    engine.dispose()


def add_heritage(connection: Connection, addresses: list[OldAddress]) -> None:
    """Names of the heritage: a street and a village that addresses bear, linked by rule."""
    for number, name, kind, division in (
        ("ZJH-0001", "河坊街", "street", "330102000000"),
        ("ZJH-0002", "长乐村", "village", "330781104000"),
    ):
        connection.execute(
            text(
                "insert into place_name (number, standard_name, specific, kind, division_id) "
                "select cast(:number as text), :name, :name, :kind, id from division "
                "where code = :division and code_system = 'nbs'"
            ),
            {"number": number, "name": name, "kind": kind, "division": division},
        )
        connection.execute(
            text(
                "insert into heritage_entry (id, place_name_id, heritage_class, story_zh) "
                "select number, id, :kind, '故事' from place_name where number = :number"
            ),
            {"number": number, "kind": kind},
        )
    connection.execute(
        text(
            "insert into address_place_name (code, place_name_id, kind, how) "
            "select :code, id, 'street', 'rule' from place_name where number = 'ZJH-0001'"
        ),
        [{"code": one.code} for one in addresses if "河坊街" in one.text],
    )
    batch = connection.execute(
        text(
            "insert into plate_batch (name, design, payload_prefix) "
            "values ('旧', 'medium', 'http://x/') returning id"
        )
    ).scalar_one()
    connection.execute(
        text(
            "insert into plate (token, code, batch_id, generation, status) "
            "values (:token, :code, :batch, 1, 'in_use')"
        ),
        [
            {"token": f"{at:010d}", "code": one.code, "batch": batch}
            for at, one in enumerate(addresses)
        ],
    )


def rows_of(connection: Connection, statement: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(text(statement))]


TEXTS = (
    "select code, kind, text, source, valid_from, valid_to from address_name "
    "where kind <> 'second' order by 1, 2, 3"
)
PLATES = (
    "select token, code, generation, batch_id, status, replaced_by, status_reason, printed_text, "
    "installed_at, created_at from plate order by token"
)


def test_every_text_of_an_old_register_leads_where_it_led(
    old: Engine, fresh_database: TestDatabase
) -> None:
    addresses = old_addresses()
    with old.begin() as connection:
        write(connection, addresses)
        add_heritage(connection, addresses)
        texts, plates = rows_of(connection, TEXTS), rows_of(connection, PLATES)
        keys = rows_of(connection, "select code, kind, text, key from address_name order by 1,2,3")
    run.upgrade(fresh_database.owner_url)
    for time in ("first", "second"):
        # what a process holds of a register does not outlive a migration: another URL, none of it
        url = f"{fresh_database.app_url}&application_name={time}"
        require_all_led(Database(url), addresses)
        with old.begin() as connection:
            assert rows_of(connection, TEXTS) == texts
            assert rows_of(connection, PLATES) == plates
        run.downgrade(fresh_database.owner_url, revision_before("_places"))
        with old.begin() as connection:
            assert rows_of(connection, TEXTS) == texts
            again = rows_of(
                connection, "select code, kind, text, key from address_name order by 1,2,3"
            )
        assert again == keys
        run.upgrade(fresh_database.owner_url)


def require_all_led(database: Database, addresses: list[OldAddress]) -> None:
    with database.reading() as session:
        assert queries.find_place_fault(session) == ""
    living = [one for one in addresses if one.status == "active" and one.text != LOOSE]
    for one, found in zip(living, ask(database, *(one.text for one in living)), strict=True):
        led = (found.category, found.address and found.address.code)
        assert led == ("A", one.code), (one.text, found)
    (loose,) = [one for one in addresses if one.text == LOOSE]
    (unclear,) = ask(database, LOOSE)  # two streets bear the name now, and it says not which
    assert unclear.category == "C"
    assert loose.code in {one.address.code for one in unclear.candidates}
    formers = [(former, one.code) for one in addresses for former in one.former]
    for (former, code), found in zip(formers, ask(database, *(f for f, _ in formers)), strict=True):
        assert found.address, former
        assert (found.address.code, found.category) in {(code, "A"), (code, "B")}, former
    (ended,) = [one for one in addresses if one.status == "retired"]
    (gone,) = ask(database, ended.text)
    assert gone.address
    assert gone.address.code == ended.code
    with database.reading() as session:
        (alias,) = resolve_many(session, ["浙江省杭州市上城区平湖秋月亭"], ResolveOptions())
        assert alias.address
        assert alias.address.code == addresses[0].code
    database.dispose()


def test_names_of_the_heritage_are_adopted_and_places_judged(
    old: Engine, fresh_database: TestDatabase
) -> None:
    addresses = old_addresses()
    with old.begin() as connection:
        write(connection, addresses)
        add_heritage(connection, addresses)
    run.upgrade(fresh_database.owner_url)
    database = Database(fresh_database.app_url)
    with database.reading() as session:
        shangcheng = {one.name: one for one in list_places(session, "330102")}
        assert shangcheng["河坊街"].number == "ZJH-0001"
        assert "清河坊街" in shangcheng  # of a former text only
        lanxi = {one.name: one.number for one in list_places(session, "330781")}
        assert lanxi["长乐村"] == "ZJH-0002"
        yuyao = [one for one in list_places(session, "330281") if one.name == "人民路"]
        assert len(yuyao) == 2
        (danxi,) = [one for one in list_places(session, "330782") if one.name == "丹溪北路"]
        assert len(danxi.townships) == 3
        tower = [one for one in list_places(session, "330106") if one.name == "东方大厦"]
        assert len({one.townships for one in tower}) == len(tower) > 1
        assert rows_of(session.connection(), "select 1 from address_place_name") == []
        rows = session.execute(text("select code, parent_code from address"))
        parents = {row.code: row.parent_code for row in rows}
        by_text = {one.text: one.code for one in addresses}
        suspects = {one.text: one.reasons for one in list_suspects(session)}
    house = f"{HEFANG}90号"
    assert parents[by_text[f"{house}2幢1单元101室"]] == by_text[f"{house}2幢"]
    assert parents[by_text[f"{house}2幢"]] == by_text[house]
    assert "曾写作临山镇" in suspects[f"{YUYAO}泗门镇人民路18号"][0]
    assert "未注明乡镇街道" in suspects[LOOSE][0]
    assert f"{YIWU}福田街道丹溪北路5号" not in suspects
    database.dispose()


def test_two_houses_under_one_old_key_do_not_go_back(
    old: Engine, fresh_database: TestDatabase
) -> None:
    addresses = [
        OldAddress(f"{YUYAO}泗门镇人民路16号"),
        OldAddress(f"{YUYAO}临山镇人民路20号"),
    ]
    with old.begin() as connection:
        write(connection, addresses)
    run.upgrade(fresh_database.owner_url)
    with old.begin() as connection:
        connection.execute(
            text(
                "update address set elements = jsonb_set(elements, '{number}', cast(:number as "
                "jsonb)) where code = :code"
            ),
            {"number": '{"number": "16", "quantifier": "号"}', "code": addresses[1].code},
        )
    with pytest.raises(EnvironmentFault, match="two houses"):
        run.downgrade(fresh_database.owner_url, revision_before("_places"))
    assert run.find_current(fresh_database.owner_url) != revision_before("_places")
