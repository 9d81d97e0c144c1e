"""Addresses in an estate are also found by its gate: the road and number in a list."""

from pathlib import Path

from service.core.database import Database
from tests.factories.lists import ask, codes_of, counts, import_texts


def test_gate_and_estate_texts_of_one_room_are_one_address_in_any_order(
    database: Database, tmp_path: Path
) -> None:
    base = "浙江省台州市椒江区章安街道"
    texts = [
        f"{base}章安佳苑1幢101室",
        f"{base}回浦路66号1幢101室",
        f"{base}回浦路66号章安佳苑1幢101室",
    ]
    report = import_texts(database, tmp_path, texts)
    assert (report.new, report.same) == (1, 2)
    (code,) = codes_of(database).values()
    for found in ask(database, *texts):
        assert (found.category, found.address and found.address.code) == ("A", code)


def test_a_gate_that_a_later_list_names_is_learned(database: Database, tmp_path: Path) -> None:
    base = "浙江省台州市椒江区章安街道"
    bare, gate = f"{base}章安佳苑1幢101室", f"{base}回浦路66号1幢101室"
    import_texts(database, tmp_path, [bare])
    assert ask(database, gate)[0].address is None
    whole = [f"{base}回浦路66号章安佳苑1幢101室"]
    assert counts(import_texts(database, tmp_path, whole)) == (0, 1, 0, 0, 0)
    assert counts(import_texts(database, tmp_path, whole)) == (0, 0, 1, 0, 0)
    (code,) = codes_of(database).values()
    for found in ask(database, bare, gate, *whole):
        assert (found.category, found.address and found.address.code) == ("A", code)


def test_rooms_of_estates_of_one_name_behind_two_gates_are_never_one(
    database: Database, tmp_path: Path
) -> None:
    base = "浙江省台州市椒江区章安街道"
    texts = [f"{base}回浦路{gate}号章安佳苑1幢101室" for gate in (66, 80)]
    report = import_texts(database, tmp_path, texts)
    assert (report.new, report.conflicts) == (1, 1)
