"""One house, one code: lists in which one name means several places, and the reverse."""

import random
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import text

from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.divisions.queries import load_register
from service.imports.commands import answer_question, list_questions
from tests.factories.lists import ask, codes_of, counts, import_texts, refused, take_in

YUYAO = "浙江省宁波市余姚市"
YIWU = "浙江省金华市义乌市"


def places_of(database: Database) -> list[tuple[str, str, list[str]]]:
    """Name, kind and townships of every place."""
    statement = text(
        "select p.standard_name, p.kind, array_agg(coalesce(d.name, '') order by t.township) "
        "from place_name p join place_township t on t.place_id = p.id and t.valid_to is null "
        "left join division d on d.code = t.township and d.code_system = 'nbs' "
        "where p.county <> '' and p.status = 'current' group by p.id, p.standard_name, p.kind "
        "order by 1, 3"
    )
    with database.reading() as session:
        return [(name, kind, list(where)) for name, kind, where in session.execute(statement)]


def towns(database: Database) -> list[tuple[str, tuple[str, str]]]:
    """Counties by their full names, each with two of its 镇."""
    with database.reading() as session:
        register = load_register(session)
    found: dict[int, list[str]] = {}
    for row in register.by_id.values():
        if row.level == 4 and row.name.endswith("镇") and row.parent_id is not None:
            found.setdefault(row.parent_id, []).append(row.name)
    full = {key: "".join(register.names(key).values()) for key in found}
    return [(full[key], (names[0], names[1])) for key, names in found.items() if len(names) > 2]


def test_a_name_in_two_towns_of_forty_counties_gets_960_codes(
    database: Database, tmp_path: Path
) -> None:
    pairs = list(islice(towns(database), 40))
    assert len(pairs) == 40
    texts = [
        f"{county}{town}人民路{number}号"
        for county, both in pairs
        for town in both
        for number in range(2, 26, 2)
    ]
    random.Random(13).shuffle(texts)
    report = import_texts(database, tmp_path, texts)
    assert counts(report) == (960, 0, 0, 0, 0)
    held = codes_of(database)
    assert len(set(held.values())) == 960
    for asked, found in zip(texts, ask(database, *texts), strict=True):
        assert (found.category, found.address and found.address.code) == ("A", held[asked])


def test_without_its_town_both_are_named_and_a_third_town_gets_neither(
    database: Database, tmp_path: Path
) -> None:
    here = [f"{YUYAO}泗门镇人民路16号", f"{YUYAO}临山镇人民路16号", f"{YUYAO}临山镇人民路18号"]
    assert counts(import_texts(database, tmp_path, here)) == (3, 0, 0, 0, 0)
    held = codes_of(database)
    both, only_one, third = ask(
        database, f"{YUYAO}人民路16号", f"{YUYAO}人民路18号", f"{YUYAO}马渚镇人民路16号"
    )
    assert both.category == "C"
    assert {one.address.code for one in both.candidates} == {held[here[0]], held[here[1]]}
    assert (only_one.category, only_one.address) == ("C", None)
    assert third.category in ("C", "none")
    assert third.address is None


def test_one_street_through_three_subdistricts_is_one_place(
    database: Database, tmp_path: Path
) -> None:
    through = ("稠城街道", "北苑街道", "福田街道")
    texts = [f"{YIWU}{through[number % 3]}丹溪北路{number}号" for number in range(1, 37)]
    report = import_texts(database, tmp_path, texts)
    assert counts(report) == (36, 0, 0, 0, 0)
    assert report.notes
    assert places_of(database) == [("丹溪北路", "street", list(through))]
    held = codes_of(database)
    for number, own in enumerate(texts, start=1):
        other = f"{YIWU}{through[(number + 1) % 3]}丹溪北路{number}号"
        mine, plain, elsewhere = ask(database, own, f"{YIWU}丹溪北路{number}号", other)
        assert (mine.category, plain.category, elsewhere.category) == ("A", "A", "B")
        assert {one.address and one.address.code for one in (mine, plain, elsewhere)} == {held[own]}
        assert any(through[number % 3] in reason for reason in elsewhere.reasons)


def test_a_shared_number_waits_is_decided_once_and_stored(
    database: Database, tmp_path: Path
) -> None:
    texts = [f"{YIWU}稠城街道丹溪北路{n}号" for n in (1, 3)]
    texts += [f"{YIWU}北苑街道丹溪北路{n}号" for n in (3, 5, 7)]
    report = import_texts(database, tmp_path, texts)
    assert (report.new, report.waiting) == (2, 3)
    again = import_texts(database, tmp_path, texts)
    assert (again.same, again.waiting) == (2, 3)
    with database.reading() as session:
        (question,) = list_questions(session, county="330782")
    assert (question.rows, question.township_name) == (3, "北苑街道")
    with database.session() as session:
        done = answer_question(
            session, question.place.number, question.township, COMMAND_LINE, is_one=False
        )
    assert len(done.new) == 3
    assert [where for _, _, where in places_of(database)] == [["北苑街道"], ["稠城街道"]]
    assert all(found.category == "A" for found in ask(database, *texts))
    settled = import_texts(database, tmp_path, texts)
    assert (settled.same, settled.waiting) == (5, 0)


def test_two_that_are_one_street_share_their_doors(database: Database, tmp_path: Path) -> None:
    texts = [f"{YIWU}{where}丹溪北路{n}号" for where in ("稠城街道", "北苑街道") for n in (3, 5)]
    import_texts(database, tmp_path, texts)
    with database.reading() as session:
        (question,) = list_questions(session)
    with database.session() as session:
        done = answer_question(
            session, question.place.number, question.township, COMMAND_LINE, is_one=True
        )
    assert (len(done.new), len(done.same)) == (0, 2)
    assert len(codes_of(database)) == 2


def test_villages_of_one_name_in_two_communities_are_two(
    database: Database, tmp_path: Path
) -> None:
    with database.reading() as session:
        register = load_register(session)
    township = next(row for row in register.by_id.values() if row.code == "330281101000")
    names = [row.name for row in register.by_id.values() if row.parent_id == township.id][:2]
    texts = [f"{YUYAO}{township.name}{name}上张自然村{n}号" for name in names for n in (1, 2)]
    report = import_texts(database, tmp_path, texts)
    assert counts(report) == (4, 0, 0, 0, 0)
    assert len(set(codes_of(database).values())) == 4
    assert [name for name, _, _ in places_of(database)] == ["上张自然村"] * 2
    unclear = import_texts(database, tmp_path, [f"{YUYAO}{township.name}上张自然村9号"])
    assert counts(unclear) == (0, 0, 0, 0, 1)
    assert "村" in refused(tmp_path)[0]["menpai_reason"]


def stored(database: Database) -> tuple[object, ...]:
    """The result of an import: places, texts with their places, and waiting rows."""
    with database.reading() as session:
        held = session.execute(
            text(
                "select a.standard_text, p.standard_name, "
                "array_agg(t.township order by t.township) "
                "from address a left join place_name p on p.id = a.place_id left join "
                "place_township t on t.place_id = p.id and t.valid_to is null "
                "group by 1, 2, p.id order by 1"
            )
        ).all()
        waiting = session.execute(
            text("select township, draft ->> 'text' from import_waiting order by 1, 2")
        ).all()
    return places_of(database), [tuple(row) for row in held], [tuple(row) for row in waiting]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_the_rows_changes_nothing(
    database: Database, tmp_path: Path, seed: int
) -> None:
    texts = [f"{YIWU}稠城街道丹溪北路{n}号" for n in (1, 3, 5)]
    texts += [f"{YIWU}北苑街道丹溪北路{n}号" for n in (3, 7)]
    texts += [f"{YIWU}福田街道丹溪北路{n}号" for n in (9, 11)]
    texts += [f"{YIWU}佛堂镇丹溪北路{n}号" for n in (1, 3)]
    texts += [f"{YIWU}佛堂镇人民路16号", f"{YIWU}人民路18号", f"{YIWU}江东街道人民路16号"]
    first = _stored_in_order(database, tmp_path, texts)
    shuffled = texts.copy()
    random.Random(seed).shuffle(shuffled)
    assert _stored_in_order(database, tmp_path, shuffled) == first


def _stored_in_order(database: Database, folder: Path, texts: Sequence[str]) -> tuple[object, ...]:
    owner = Database(database.url.replace("menpai_app", "menpai_owner"))
    with owner.session() as session:
        session.execute(
            text(
                "truncate import_waiting, place_township, address_name, address, place_name cascade"
            )
        )
    owner.dispose()
    import_texts(database, folder, texts)
    return stored(database)


def test_a_door_of_a_namesake_is_never_given_for_one_that_its_town_lacks(
    database: Database, tmp_path: Path
) -> None:
    texts = [f"{YUYAO}泗门镇人民路16号", f"{YUYAO}临山镇人民路18号"]
    import_texts(database, tmp_path, texts)
    (lacks,) = ask(database, f"{YUYAO}泗门镇人民路18号")
    assert (lacks.category, lacks.address) == ("C", None)
    # nor for one that it had: the former text leads to its own house
    held = codes_of(database)
    moved = f"code,地址\n{held[texts[0]]},{YUYAO}泗门镇人民路20号\n"
    assert take_in(database, tmp_path, moved).changed == 1
    import_texts(database, tmp_path, [f"{YUYAO}临山镇人民路16号"])
    (found,) = ask(database, texts[0])
    assert (found.category, found.address and found.address.code) == ("B", held[texts[0]])
