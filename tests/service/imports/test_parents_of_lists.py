"""Rooms, buildings and doors of a list: their parents, and how they are queried."""

from pathlib import Path

from sqlalchemy import text

from service.core.database import Database
from service.matching.resolve_options import ResolveOptions
from tests.factories.lists import ask, codes_of, import_texts, take_in

YUYAO = "浙江省宁波市余姚市"


def test_parents_are_linked_at_entry_and_entered_when_told(
    database: Database, tmp_path: Path
) -> None:
    base = "浙江省台州市椒江区章安街道回浦路66号章安佳苑"
    rooms = [
        f"{base}{b}幢{u}单元{f}0{r}室"
        for b in (1, 2)
        for u in (1, 2)
        for f in (1, 2)
        for r in (1, 2)
    ]
    report = take_in(database, tmp_path, "地址\n" + "\n".join(rooms) + "\n", with_parents=True)
    assert (report.new, report.parents) == (16, 7)  # two buildings, four units and the gate
    with database.reading() as session:
        rows = session.execute(
            text(
                "select c.level, p.level, count(*) from address c "
                "left join address p on p.code = c.parent_code group by 1, 2 order by 1, 2"
            )
        )
        linked = {(child, parent): number for child, parent, number in rows}
    assert linked == {
        ("building", "number"): 2,
        ("number", None): 1,
        ("room", "unit"): 16,
        ("unit", "building"): 4,
    }


def test_a_building_that_enters_later_adopts_its_rooms(database: Database, tmp_path: Path) -> None:
    base = f"{YUYAO}泗门镇人民路16号"
    import_texts(database, tmp_path, [f"{base}3幢301室", f"{base}3幢302室", f"{base}4幢1室"])
    import_texts(database, tmp_path, [base])
    import_texts(database, tmp_path, [f"{base}3幢"])
    held = codes_of(database)
    with database.reading() as session:
        rows = session.execute(text("select code, parent_code from address"))
        parents = {row.code: row.parent_code for row in rows}
    building, door = held[f"{base}3幢"], held[base]
    assert parents[building] == door
    assert parents[held[f"{base}3幢301室"]] == parents[held[f"{base}3幢302室"]] == building
    assert parents[held[f"{base}4幢1室"]] == door


def test_doors_are_asked_for_and_the_rooms_are_the_remainder(
    database: Database, tmp_path: Path
) -> None:
    door = f"{YUYAO}泗门镇人民路16号"
    import_texts(database, tmp_path, [door])
    asked = f"{door}3幢2单元301室"
    (deep,) = ask(database, asked)
    assert (deep.category, deep.address) == ("C", None)
    (found,) = ask(database, asked, focus=ResolveOptions(level="number"))
    assert (found.category, found.remainder) == ("A", "3幢2单元301室")
    assert found.address is not None
    assert found.address.standard_text == door
