"""`menpai areas` and `menpai duties`, run for real on a register of their own."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.core.database import Database
from service.core.output import OK, SOME_REFUSED, USAGE
from tests.command_line import menpai
from tests.database import TestDatabase, migrated_database
from tests.factories.addresses import enter_at
from tests.factories.areas import BOW_TIE, box, collection

HEADINGS = "网格,角色,姓名,办公电话,是否公开,起始日期"


@pytest.fixture(scope="module")
def codes() -> list[str]:
    """Filled by the register: codes of addresses in G1, in G2, and in none."""
    return []


@pytest.fixture(scope="module")
def register(codes: list[str]) -> Iterator[TestDatabase]:
    """Three addresses, and no areas yet."""
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            codes += enter_at(session, [(0.5, 0.5), (1.5, 0.5), (5, 5)])
        database.dispose()
        yield made


@pytest.fixture(scope="module")
def loaded(register: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a file with two good grids and three bad ones, loaded."""
    folder = tmp_path_factory.mktemp("areas")
    file = folder / "grids.geojson"
    file.write_text(
        collection(
            (box(0, 0, 1, 1), {"code": "G1", "name": "网格 1"}),
            (box(0.99, 0, 2, 1), {"code": "G2", "name": "网格 2"}),
            (BOW_TIE, {"code": "G3", "name": "网格 3"}),
            (None, {"code": "G4", "name": "网格 4"}),
            (box(3, 0, 4, 1), {"code": "G5", "name": "网格 5", "parent": "C9"}),
        ),
        "utf-8",
    )
    done = menpai("areas", "load", str(file), "--kind", "网格", database=register)
    assert done.code == SOME_REFUSED, done.err
    (folder / "said.txt").write_text(done.out, "utf-8")
    return folder


def duty_sheet(folder: Path, *rows: str, headings: str = HEADINGS) -> str:
    file = folder / "duties.csv"
    file.write_text("\n".join((headings, *rows)) + "\n", "utf-8")
    return str(file)


def test_loading_says_which_features_are_refused_why_and_the_hint(loaded: Path) -> None:
    said = (loaded / "said.txt").read_text("utf-8")
    assert "2 new, 0 changed, 0 same, 0 ended, 2 linked, 0 unlinked, 3 refused" in said
    assert "row 3, geometry: the border crosses itself at 120.005000" in said
    assert "load with --mend" in said
    assert "row 4, geometry: there is no geometry. Hint: draw the area's polygon" in said
    assert "row 5, parent: there is no area C9 above it. Hint: load the parent first" in said
    assert "grid: 1 overlaps" in said
    assert "网格 1 (G1) / 网格 2 (G2)" in said


def test_the_errors_file_holds_the_refused_features_with_reason_and_hint(loaded: Path) -> None:
    with (loaded / "grids-errors.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["code"] for row in rows] == ["G3", "G4", "G5"]
    assert "--mend" in " ".join(map(str, rows[0].values()))


def test_linking_by_hand_the_report_and_relinking(
    register: TestDatabase, loaded: Path, codes: list[str]
) -> None:
    nowhere = codes[2]
    nothing = menpai("areas", "assign", nowhere, "G1", "--reason", " ", database=register)
    assert (nothing.code, "--reason" in nothing.err) == (USAGE, True)
    done = menpai("areas", "assign", nowhere, "G1", "--reason", "gate", database=register)
    assert done.code == OK, done.err
    assert "set by hand" in done.out
    linked = menpai("areas", "link", "--json", database=register)
    assert linked.json == {"addresses": 3, "linked": 0, "unlinked": 0, "same": 2}
    [grid] = menpai("areas", "report", "--json", database=register).json["links"]
    assert (grid["linked"], grid["by_hand"], grid["in_none"], grid["in_two"]) == (3, 1, 0, 0)
    assert menpai("areas", "unassign", nowhere, "--kind", "网格", database=register).code == OK
    said = menpai("areas", "report", database=register).out
    assert f"in none: {nowhere}" in said
    assert "1 in none, 0 in two" in said


@pytest.mark.parametrize("ending", ["gpkg", "zip"])
def test_areas_are_exported_for_gis_programs_and_loaded_again(
    register: TestDatabase, loaded: Path, ending: str
) -> None:
    out = loaded / f"areas.{ending}"
    done = menpai("areas", "export", str(out), "--kind", "网格", "--json", database=register)
    assert (done.code, done.json["areas"] > 0) == (OK, True)
    again = menpai("areas", "load", str(out), "--json", database=register).json
    assert (again["same"], again["changed"], again["new"]) == (done.json["areas"], 0, 0)
    wrong = menpai("areas", "export", str(loaded / "areas.dxf"), database=register)
    assert wrong.code == USAGE
    assert ".geojson, .gpkg or .zip" in wrong.err


def test_areas_that_were_exported_are_loaded_again_unless_somebody_was_faster(
    register: TestDatabase, loaded: Path
) -> None:
    out = loaded / "edited.geojson"
    assert menpai("areas", "export", str(out), database=register).code == OK
    again = menpai("areas", "load", str(out), database=register)
    assert "0 new, 0 changed, 2 same" in again.out
    features = json.loads(out.read_text("utf-8"))
    (one,) = [f for f in features["features"] if f["properties"]["code"] == "G1"]
    for name in ("网格一", "第一网格"):
        one["properties"]["name"] = name
        out.write_text(json.dumps(features), "utf-8")
        done = menpai("areas", "load", str(out), database=register)
    assert done.code == SOME_REFUSED
    assert "version: 责任区 G1 在您看过以后改过：您看到的是第 1 版" in done.out
    assert "名称：网格一" in done.out


def test_duties_are_loaded_handed_over_hidden_and_listed(
    register: TestDatabase, loaded: Path
) -> None:
    sheet = duty_sheet(
        loaded,
        "G1,网格员,演示甲,0571-00000001,是,2026-01-01",
        "G1,大队长,演示乙,0571-00000002,是,2026-01-01",
        "G9,网格员,演示丙,0571-00000003,是,2026-01-01",
    )
    done = menpai("duties", "load", sheet, database=register)
    assert done.code == SOME_REFUSED
    assert "1 new, 0 changed, 0 same, 2 refused" in done.out
    assert "row 3, 角色: 「大队长」 is not a role. Hint: write 网格员, 社区民警" in done.out
    assert "row 4, area: there is no area G9. Hint: load the areas first" in done.out
    hand = duty_sheet(loaded, "G1,网格员,演示丁,2026-06-01", headings="网格,角色,接任人,交接日期")
    assert menpai("duties", "handover", hand, "--json", database=register).json == {
        "handed_over": 1, "vacant": 0, "same": 0, "refused": 0,
    }  # fmt: skip
    hidden = menpai("duties", "hide", "--area", "G1", "--reason", "asked", database=register)
    assert "2 duties are hidden" in hidden.out
    listed = menpai("duties", "list", "--ended", "--json", database=register).json["duties"]
    assert [(duty["display_name"], duty["state"]) for duty in listed] == [
        ("演示甲", "hidden"),
        ("演示丁", "hidden"),
    ]
    everyone = menpai("duties", "hide", database=register)
    assert (everyone.code, "--area" in everyone.err) == (USAGE, True)


def test_a_sheet_or_a_layer_that_cannot_be_read_ends_with_one_sentence_and_the_hint(
    register: TestDatabase, tmp_path: Path
) -> None:
    for command, name, content in (
        ("duties", "no-role.csv", "网格,姓名\nG1,演示甲\n"),
        ("areas", "a.dwg", "AC1032"),
    ):
        file = tmp_path / name
        file.write_text(content, "utf-8")
        done = menpai(command, "load", str(file), database=register)
        assert done.code == USAGE
        assert "Traceback" not in done.err
        assert "Hint: " in done.err
