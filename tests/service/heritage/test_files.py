import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from address_model.heritage.catalogue import NameForm
from address_model.shipped import data_folder
from service.core.actor import COMMAND_LINE
from service.core.errors import BadRequest, LineUnreadable
from service.divisions.commands import load_divisions
from service.divisions.sources import read_divisions
from service.heritage.commands import load_catalogue
from service.heritage.files import read_catalogue, write_catalogue
from service.heritage.queries import list_all_entries
from service.heritage.seed import Seed
from tests.command_line import menpai
from tests.database import TestDatabase
from tests.factories.heritage import entry_of, place_of


@contextmanager
def committed(database: TestDatabase) -> Iterator[Session]:
    engine = create_engine(database.app_url)
    with Session(engine) as session:
        yield session
        session.commit()
    engine.dispose()


BASE = "https://dz.test/heritage/"
ENDINGS = ["c.jsonld", "c.lpf.json", "c.geojson", "c.csv", "c.tsv", "c.ndjson", "c.csv.gz"]


@pytest.mark.parametrize("name", ENDINGS)
def test_row_17_the_whole_catalogue_comes_back_from_a_file_as_it_was(
    catalogue: Session, tmp_path: Path, name: str
) -> None:
    held = list_all_entries(catalogue)
    write_catalogue(held, tmp_path / name, BASE)
    read = read_catalogue(tmp_path / name)
    assert read.refused == []
    assert read.entries == held


def test_a_workbook_gives_back_what_it_was_given(seed: Seed, tmp_path: Path) -> None:
    entries = seed.entries[:20]
    write_catalogue(entries, tmp_path / "c.xlsx", BASE)
    assert read_catalogue(tmp_path / "c.xlsx").entries == entries


def test_an_export_loaded_again_changes_nothing(catalogue: Session, tmp_path: Path) -> None:
    write_catalogue(list_all_entries(catalogue), tmp_path / "c.jsonld", BASE)
    read = read_catalogue(tmp_path / "c.jsonld")
    report = load_catalogue(catalogue, read.entries, [], COMMAND_LINE)
    assert (report.new, report.changed, report.same) == ([], [], len(read.entries))


def test_texts_that_spreadsheets_would_run_come_back_as_they_were(tmp_path: Path) -> None:
    entry = entry_of(
        place_of(
            number="TST-1",
            standard_name="=1+1",
            meaning="'=x",
            forms=(NameForm("+旧名"), NameForm("@x")),
        ),
        id="TST-1",
        story_zh="-a\n=b",
        note="\t=c",
    )
    write_catalogue([entry], tmp_path / "c.csv", BASE)
    assert read_catalogue(tmp_path / "c.csv").entries == [entry]


def test_what_cannot_be_stored_is_refused_by_itself_and_says_why(tmp_path: Path) -> None:
    good = entry_of(place_of(number="TST-1"), id="TST-1")
    bad = replace(good, id="TST-2", place=replace(good.place, number="TST-2", division="海盐"))
    broken = {"type": "Feature", "names": []}
    write_catalogue([good, bad], tmp_path / "c.jsonld", BASE)
    collection = json.loads((tmp_path / "c.jsonld").read_text())
    collection["features"].append(broken)
    (tmp_path / "c.jsonld").write_text(json.dumps(collection))
    read = read_catalogue(tmp_path / "c.jsonld")
    assert read.entries == [good]
    assert [where for where, _ in read.refused] == ["feature 2", "feature 3"]
    assert "not a division code" in read.refused[0][1]


def test_of_a_file_of_others_one_bad_feature_harms_no_other_and_losses_are_said(
    tmp_path: Path,
) -> None:
    def foreign(number: int, **more: object) -> dict[str, object]:
        names = [{"toponym": "Lizhen", "lang": "zh-Latn"}, {"toponym": "例镇", "lang": "zh"}]
        given = {"@id": f"https://x.test/TST-{number}", "type": "Feature", "names": names}
        return given | {"properties": {"division": 330424000000.0}} | more

    features: list[object] = [
        foreign(1, when=None),
        foreign(2, when=[{"timespans": [{"start": "0960", "end": {"in": "1279"}}]}]),
        foreign(3, properties=None),
        foreign(4, names=5),
        None,
        foreign(6, links=[{"type": "closeMatch", "identifier": "gn:1790999"}]),
    ]
    file = tmp_path / "others.jsonld"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    read = read_catalogue(file)
    assert [one.id for one in read.entries] == ["TST-1", "TST-2", "TST-6"]
    assert [where for where, _ in read.refused] == ["feature 3", "feature 4", "feature 5"]
    assert read.left_out == [("feature 2", "the place: end 1279")]
    first, second, last = read.entries
    assert (first.place.standard_name, first.place.division) == ("例镇", "330424000000")
    assert (first.place.specific, first.place.generic) == ("例", "镇")
    assert first.place.pinyin
    assert [one.year for one in second.attestations] == [960]
    assert last.links == ("geonames:1790999",)


@pytest.mark.parametrize(
    "text", ["[]", '{"features": null}', '{"type": "FeatureCollection", "features": {}}', "5"]
)
def test_a_file_of_features_that_are_no_list_is_refused_whole(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.geojson").write_text(text)
    with pytest.raises(LineUnreadable):
        read_catalogue(tmp_path / "a.geojson")


def test_a_file_that_is_none_of_these_is_refused_whole(tmp_path: Path) -> None:
    (tmp_path / "a.jsonld").write_text("[]")
    with pytest.raises(LineUnreadable):
        read_catalogue(tmp_path / "a.jsonld")
    (tmp_path / "a.csv").write_text("甲,乙\n1,2\n")
    with pytest.raises(BadRequest):
        read_catalogue(tmp_path / "a.csv")


def test_the_commands_take_the_catalogue_out_and_in(
    fresh_database: TestDatabase, seed: Seed, tmp_path: Path
) -> None:
    with committed(fresh_database) as session:
        lists = data_folder() / "divisions" / "zj_divisions_2023.csv.gz"
        near = [one for one in read_divisions(lists) if one.code.startswith(("33000", "3304"))]
        load_divisions(session, near, "nbs", "2023")
        entries = [one for one in seed.entries if one.place.division.startswith("3304")]
        load_catalogue(session, entries, seed.schemes, COMMAND_LINE)
    out = tmp_path / "嘉兴.jsonld"
    told = menpai(
        "heritage", "export", str(out), "--division", "3304", "--json", database=fresh_database
    )
    assert told.json["entries"] > 5
    again = menpai("heritage", "import", str(out), "--json", database=fresh_database)
    assert again.code == 0
    assert again.json["same"] == told.json["entries"]
    text = out.read_text()
    out.write_text(text.replace('"division": "330424000000"', '"division": "999999000000"'))
    refused = menpai("heritage", "import", str(out), database=fresh_database)
    assert refused.code == 1
    assert "there is no division 999999000000" in refused.out
