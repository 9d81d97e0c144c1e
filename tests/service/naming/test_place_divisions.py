"""One place that is two: what goes along, what is listed, and when it comes back."""

from pathlib import Path

import pytest

from service.addresses.commands import merge_addresses
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database
from service.core.errors import Conflict
from service.naming.commands import (
    DoorsUndecided,
    merge_places,
)
from tests.factories.lists import codes_of, counts, import_texts, take_in
from tests.service.naming.decided import divide, undo
from tests.service.naming.houses import (
    led,
    place_of,
    places,
    require_whole,
)


def test_a_street_is_divided_and_doors_without_township_are_listed(
    database: Database, tmp_path: Path
) -> None:
    yiwu, through = "浙江省金华市义乌市", ("稠城街道", "北苑街道", "福田街道")
    texts = [f"{yiwu}{through[n % 3]}丹溪北路{n}号" for n in range(1, 10)]
    import_texts(database, tmp_path, [*texts, f"{yiwu}丹溪北路20号"])
    codes, held = codes_of(database), places(database, "330782")
    (street,) = {one.number: one for one in held.values()}.values()
    with pytest.raises(Conflict, match="lies in"):
        divide(database, street, *(one.code for one in street.townships))
    with pytest.raises(Conflict, match="lies in"):
        divide(database, street, "330782100000")
    done = divide(database, street, "330782004000")
    assert [where for _, where in done.unplaced] == [f"{yiwu}丹溪北路20号"]
    assert sorted(done.codes) == sorted(c for one, c in codes.items() if "北苑" in one)
    require_whole_but_unplaced(database, f"{yiwu}丹溪北路20号")
    assert codes_of(database) == codes
    # the other part is taken from what stays, then both come back
    more = divide(database, street, "330782008000")
    with database.session() as session:
        merge_places(session, more.place.number, done.place.number, ME, reason="x")
    with pytest.raises(Conflict, match="since"):
        undo(database, more)
    undo(database, done)
    assert {place_of(database, code) for code in codes.values()} == {street.id}
    require_whole(database)
    assert counts(import_texts(database, tmp_path, texts)) == (0, 0, 9, 0, 0)


def require_whole_but_unplaced(database: Database, unplaced: str) -> None:
    """The text without township means either street now; all others lead to their codes."""
    codes = codes_of(database)
    del codes[unplaced]
    assert led(database, *codes) == list(codes.values())


def test_a_division_is_not_taken_back_while_both_have_a_door(
    database: Database, tmp_path: Path
) -> None:
    yiwu = "浙江省金华市义乌市"
    texts = [f"{yiwu}稠城街道丹溪北路1号", f"{yiwu}北苑街道丹溪北路2号"]
    import_texts(database, tmp_path, texts)
    street = places(database, "330782")["330782001000"]
    done = divide(database, street, "330782004000")
    assert import_texts(database, tmp_path, [f"{yiwu}北苑街道丹溪北路1号"]).new == 1
    with pytest.raises(DoorsUndecided):
        undo(database, done)
    codes = codes_of(database)
    with database.session() as session:
        merge_addresses(
            session, [codes[f"{yiwu}北苑街道丹溪北路1号"]], codes[texts[0]], ME, reason="x"
        )
    undo(database, done)
    require_whole(database)


def test_a_former_text_goes_where_its_own_words_say(database: Database, tmp_path: Path) -> None:
    yiwu = "浙江省金华市义乌市"
    texts = [f"{yiwu}稠城街道丹溪北路1号", f"{yiwu}北苑街道丹溪北路2号"]
    import_texts(database, tmp_path, texts)
    codes = codes_of(database)
    moved = f"{yiwu}稠城街道丹溪北路2号"
    assert take_in(database, tmp_path, f"code,地址\n{codes[texts[1]]},{moved}\n").changed == 1
    street = places(database, "330782")["330782001000"]
    done = divide(database, street, "330782004000")
    assert place_of(database, codes[texts[1]]) == street.id
    assert led(database, moved, texts[1]) == [codes[texts[1]]] * 2
    undo(database, done)
    assert led(database, moved, texts[1]) == [codes[texts[1]]] * 2
    require_whole(database)
