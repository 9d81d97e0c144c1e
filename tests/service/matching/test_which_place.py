"""Which place a text means: DESIGN's clauses, each by its own test."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from service.addresses.commands import Renaming, follow_division
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database
from service.divisions.commands import (
    DecisionNotice,
    list_ids_inside,
    merge_division,
    rename_division,
)
from service.matching.queries import Resolution, resolve_many
from service.matching.resolve_options import ANYWHERE, ResolveOptions
from tests.factories.lists import listed_register, take_in

YUYAO = "浙江省宁波市余姚市"
YIWU = "浙江省金华市义乌市"
HERE, FAR = (121.10, 30.05), (121.20, 30.10)
LIST = f"""地址,经度,纬度
{YUYAO}泗门镇解放路8号,,
{YUYAO}泗门镇人民路16号,{HERE[0]},{HERE[1]}
{YUYAO}临山镇人民路16号,{FAR[0]},{FAR[1]}
{YUYAO}临山镇人民路18号,{FAR[0]},{FAR[1]}
{YUYAO}甲乙镇老街3号,,
{YIWU}稠城街道丹溪北路1号,,
{YIWU}北苑街道丹溪北路2号,,
浙江省杭州市临平区临平街道世纪大道1号,,
浙江省温州市龙港市龙港大道5号,,
浙江省温州市鹿城区南汇街道洪殿路2号,,
浙江省湖州市安吉县递铺街道天荒坪路1号,,
浙江省湖州市安吉县递铺街道云鸿路1号,,
浙江省湖州市安吉县孝源街道云鸿路1号,,
浙江省台州市椒江区章安街道回浦路66号章安佳苑1幢101室,,
浙江省杭州市上城区凯旋街道景昙路3号,,
"""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder: Path = tmp_path_factory.mktemp("list")
    with listed_register(folder, LIST) as held:
        yield held


def ask(database: Database, said: str, focus: ResolveOptions = ANYWHERE) -> Resolution:
    with database.reading() as session:
        return resolve_many(session, [said], focus)[0]


def named(found: Resolution) -> list[str]:
    return sorted(one.address.standard_text for one in found.candidates)


def told(found: Resolution) -> str:
    return "；".join(found.reasons)


@pytest.mark.parametrize(
    "said", ["余姚市解放路8号", "余姚市泗门镇解放路8号", "余姚市泗门解放路8号"]
)
def test_the_only_place_of_its_name_needs_no_township(database: Database, said: str) -> None:
    assert ask(database, said).category == "A"


@pytest.mark.parametrize("said", [f"{YUYAO}人民路16号", f"{YUYAO}人民陆16号"])
def test_several_places_and_no_township_name_both(database: Database, said: str) -> None:
    found = ask(database, said)
    assert (found.category, found.address) == ("C", None)
    assert named(found) == [f"{YUYAO}临山镇人民路16号", f"{YUYAO}泗门镇人民路16号"]


@pytest.mark.parametrize("said", [f"{YUYAO}人民路18号", f"{YUYAO}人民陆18号"])
def test_also_when_only_one_of_them_has_the_number(database: Database, said: str) -> None:
    found = ask(database, said)
    assert (found.category, found.address) == ("C", None)
    assert "泗门镇人民路" in told(found)
    assert "临山镇人民路" in told(found)


def test_the_point_decides_between_namesakes(database: Database) -> None:
    near = ResolveOptions(near=Point(*FAR))
    found = ask(database, f"{YUYAO}人民路16号", near)
    assert found.category == "A"
    assert found.address is not None
    assert found.address.standard_text == f"{YUYAO}临山镇人民路16号"
    assert (
        ask(database, f"{YUYAO}人民路16号", ResolveOptions(near=Point(120.0, 28.0))).category == "C"
    )


@pytest.mark.parametrize("road", ["丹溪北路", "丹西北路"])
def test_another_township_of_the_same_place_is_b_and_said(database: Database, road: str) -> None:
    found = ask(database, f"{YIWU}北苑街道{road}1号")
    assert found.category == "B"
    assert found.address is not None
    assert found.address.standard_text == f"{YIWU}稠城街道丹溪北路1号"
    assert "北苑街道" in told(found)
    assert "稠城街道" in told(found)


@pytest.mark.parametrize("township", ["临山镇", "戊己镇"])
@pytest.mark.parametrize("road", ["解放路", "解方路"])
def test_a_township_of_no_place_of_the_name_is_c_with_both_named(
    database: Database, township: str, road: str
) -> None:
    """Of another town of the county, and of one that no list knows."""
    found = ask(database, f"{YUYAO}{township}{road}8号")
    assert (found.category, found.address) == ("C", None)
    assert named(found) == [f"{YUYAO}泗门镇解放路8号"]
    assert f"{township}没有登记解放路" in told(found)
    assert "泗门镇解放路" in told(found)


def test_a_town_that_no_list_knows_is_kept_by_its_name(database: Database) -> None:
    assert ask(database, f"{YUYAO}甲乙镇老街3号").category == "A"
    assert ask(database, f"{YUYAO}老街3号").category == "A"
    assert ask(database, f"{YUYAO}丙丁镇老街3号").category == "C"
    assert ask(database, f"{YUYAO}泗门镇老街3号").category == "C"


def test_towns_that_no_list_knows_never_share_a_street(database: Database, tmp_path: Path) -> None:
    texts = [f"{YUYAO}{town}镇新兴街5号" for town in ("甲乙", "丙丁", "泗门")]
    report = take_in(database, tmp_path, "地址\n" + "\n".join(texts) + "\n")
    assert (report.new, report.same, report.waiting) == (1, 0, 2)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("温州市鹿城区洪殿街道洪殿路2号", "洪殿街道已并入南汇街道"),
        (
            "湖州市安吉县递铺镇天荒坪路1号",
            "递铺镇今为递铺街道；递铺镇已改设递铺街道、昌硕街道",
        ),
        ("杭州市临平区临平镇世纪大道1号", "临平镇今为临平街道"),
        ("杭州市临平区临平镇世纪大倒1号", "临平镇今为临平街道"),
        ("杭州市余杭区临平街道世纪大道1号", "临平街道2021年由余杭区划归临平区"),
        ("杭州市余杭区世纪大道1号", "临平街道2021年由余杭区划归临平区"),
        ("温州市苍南县龙港镇龙港大道5号", "龙港镇2019年由苍南县划归龙港市"),
        ("温州市苍南县龙港大道5号", "龙港镇2019年由苍南县划归龙港市"),
    ],
)
def test_history_explains_a_township_or_county(database: Database, said: str, reason: str) -> None:
    found = ask(database, said)
    assert found.category == "B", found.reasons
    assert reason in found.reasons


@pytest.mark.parametrize("said", ["杭州市西湖区凯旋街道景昙路3号", "杭州市拱墅区凯旋街道景县路3号"])
def test_a_county_that_history_does_not_explain_is_c_with_both_named(
    database: Database, said: str
) -> None:
    found = ask(database, said)
    assert (found.category, found.address) == ("C", None)
    assert "上城区" in found.question
    assert found.reasons


def test_a_road_that_the_estate_does_not_lie_on_is_c_with_both_named(database: Database) -> None:
    base = "浙江省台州市椒江区章安街道"
    assert ask(database, f"{base}回浦路66号章安佳园1幢101室").category in "AB"
    found = ask(database, f"{base}解放路66号章安佳苑1幢101室")
    assert (found.category, found.address) == ("C", None)
    assert "解放路" in told(found)
    assert "回浦路" in told(found)


@pytest.mark.parametrize(
    ("aside", "category"),
    [
        ("门口", "A"),
        ("大门口", "A"),
        ("对面", "C"),
        ("附近", "C"),
        ("旁", "C"),
        ("右侧", "C"),
        ("与人民路交叉口", "C"),
    ],
)
def test_what_lies_beside_a_number_is_not_the_number(
    database: Database, aside: str, category: str
) -> None:
    found = ask(database, f"{YUYAO}泗门镇解放路8号{aside}")
    assert found.category == category, found.reasons
    if category == "A":
        assert "门口" in told(found)
    else:
        assert named(found) == [f"{YUYAO}泗门镇解放路8号"]


@pytest.mark.parametrize("said", ["8-88号", "8-88号2楼", "8、12号301室", "8-14号1幢301室"])
def test_one_of_several_numbers_is_never_given_for_all(database: Database, said: str) -> None:
    found = ask(database, f"{YUYAO}泗门镇解放路{said}")
    assert found.category in ("C", "none"), found


@pytest.fixture
def decided(database: Database) -> Database:
    """The register after two decisions: 临山镇 went up in 泗门镇, 稠城街道 has another name."""
    notice = DecisionNotice("test", date(2026, 1, 1))
    with database.session() as session:
        old, new = (_code_of(session, name) for name in ("临山镇", "泗门镇"))
        gone, into = merge_division(session, old, new, notice, ME)
        ids = tuple(list_ids_inside(session, gone))
        follow_division(session, Renaming(ids, gone.name, into, moves=True, source="test"), ME)
    with database.session() as session:
        code = _code_of(session, "稠城街道")
        now, before = rename_division(session, code, "示例城街道", notice, ME)
        ids = tuple(list_ids_inside(session, now))
        follow_division(session, Renaming(ids, before, now, moves=False, source="test"), ME)
    return database


def _code_of(session: Session, township: str) -> str:
    statement = text("select code from division where name = :name and code_system = 'nbs'")
    return str(session.execute(statement, {"name": township}).scalar_one())


def categories(database: Database, texts: Sequence[str]) -> list[str]:
    return [ask(database, said).category for said in texts]


def test_decisions_lead_on(decided: Database) -> None:
    """A if the text is stored, else B with the decision; C if it fits two doors by now."""
    stored = [f"{YUYAO}临山镇人民路16号", f"{YIWU}稠城街道丹溪北路1号"]
    assert categories(decided, stored) == ["A", "A"]
    both = ask(decided, f"{YUYAO}泗门镇人民路16号")
    assert (both.category, len(both.candidates)) == ("C", 2)
    found = ask(decided, "宁波余姚临山镇人民路18号")
    assert (found.category, found.address and found.address.elements.number) == (
        "B",
        ask(decided, f"{YUYAO}临山镇人民路18号").address.elements.number,  # type: ignore[union-attr]
    )
    assert "临山镇2026年并入泗门镇" in found.reasons
    renamed = ask(decided, "义乌稠城街道丹溪北路1号")
    assert renamed.category == "B"
    assert "稠城街道2026年更名为示例城街道" in renamed.reasons
