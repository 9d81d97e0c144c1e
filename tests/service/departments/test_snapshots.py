"""Snapshots of registers, their digests, and what of them somebody may see."""

import csv
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import pyarrow.parquet
import pyproj
import pytest
import shapely
from httpx2 import Response
from sqlalchemy import text
from starlette.testclient import TestClient

from address_model.elements import Numbered
from address_model.sensitivity import SEEN, Audience, FieldClass, Reach
from service.addresses.commands import enter_addresses
from service.app import create_app
from service.auth.permissions import Permission
from service.core.actor import COMMAND_LINE
from service.core.bulk_copy import raw_connection
from service.core.database import Database
from service.core.settings import get_settings
from service.departments.snapshots.copied_register import ColumnType, RegisterName
from service.departments.snapshots.copy_forms import CopyFormat
from service.departments.snapshots.geo_parquet import CGCS2000, ParquetForm
from service.departments.snapshots.policies import narrow
from service.departments.snapshots.registers import COPIED
from service.departments.snapshots.statements import CopyStatement, RowChoice
from service.plates.commands import issue_plates, open_batch
from service.replication.row_digest import ReplicaColumn, digests_of, read_values
from tests.database import migrated_database
from tests.factories.addresses import make_draft, make_elements
from tests.factories.areas import make_area
from tests.factories.divisions import make_place
from tests.factories.hosts import PREFIX
from tests.factories.programs import make_program

CLIENT, ANYBODY = SEEN[Audience.CLIENT], SEEN[Audience.ANYBODY]


@dataclass(frozen=True)
class Copying:
    database: Database
    client: TestClient
    codes: list[str]
    key: dict[str, str]

    def lines(self, path: str) -> list[dict[str, object]]:
        answer = self.client.get(f"/api/v1/snapshots/{path}", headers=self.key)
        assert answer.status_code == 200, answer.text
        return [json.loads(line) for line in answer.text.splitlines()]


@pytest.fixture(scope="module")
def copying() -> Iterator[Copying]:
    """Two doors and a room in a grid, with plates."""
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            place = make_place(session)
            make_area(session)
            door = make_draft(place, "88", source_id="17", identifiers=(("police", "P88"),))
            room = replace(
                door,
                source_id="",
                identifiers=(),
                elements=make_elements("88", room=Numbered("301", "室")),
            )
            drafts = [door, room, make_draft(place, "90")]
            codes = [code.digits for code in enter_addresses(session, drafts, COMMAND_LINE)]
            batch = open_batch(
                session, name="test", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
            )
            issue_plates(session, batch, codes[:2], COMMAND_LINE)
            key = str(make_program(session, "department"))
            point = "update address set geom = st_setsrid(st_makepoint(120.1612345, 30.24), 4490)"
            session.execute(text(point + " where code = :code"), {"code": codes[0]})
            session.execute(
                text("update address set geom = null where code = :code"), {"code": codes[2]}
            )
        with TestClient(create_app(database, get_settings())) as client:
            yield Copying(database, client, codes, {"X-API-Key": key})
        database.dispose()


@pytest.mark.parametrize("name", RegisterName)
def test_every_register_comes_with_its_position_in_the_order_of_its_key(
    copying: Copying, name: RegisterName
) -> None:
    answer = copying.client.get(f"/api/v1/snapshots/{name}", headers=copying.key)
    assert answer.headers["content-type"] == "application/x-ndjson"
    head, *rows = map(json.loads, answer.text.splitlines())
    assert head["position"] == int(answer.headers["menpai-position"]) > 0
    listed = copying.client.get("/api/v1/snapshots", headers=copying.key).json()["registers"]
    (described,) = (one for one in listed if one["name"] == name)
    assert described["columns"] == head["columns"]
    keys = [row[described["key"]] for row in rows]
    assert keys == sorted(keys)
    assert keys or name is RegisterName.UNITS
    assert all(list(row) == [one["name"] for one in head["columns"]] for row in rows)


def test_an_address_is_as_the_register_has_it(copying: Copying) -> None:
    rows = {row["code"]: row for row in copying.lines("addresses")[1:]}
    door = rows[copying.codes[0]]
    assert (door["level"], door["division"]) == ("number", "330102001000")
    assert door["elements"]["thoroughfare"] == "河坊街"  # type: ignore[index]
    assert rows[copying.codes[1]]["parent_code"] == copying.codes[0]


def test_a_copy_that_broke_off_goes_on_behind_a_key(copying: Copying) -> None:
    first, *rest = sorted(copying.codes)
    assert [row["code"] for row in copying.lines(f"addresses?after={first}")[1:]] == rest


def test_records_are_read_again_by_the_key_of_their_change(copying: Copying) -> None:
    asked = f"subject=address&key={copying.codes[0]}&key=3301020000000000"
    assert [row["code"] for row in copying.lines(f"plates?{asked}")[1:]] == [copying.codes[0]]
    refused = copying.client.get(
        f"/api/v1/snapshots/areas?subject=address&key={copying.codes[0]}", headers=copying.key
    )
    assert refused.status_code == 422


def test_it_comes_as_a_table_too(copying: Copying) -> None:
    answer = copying.client.get(
        "/api/v1/snapshots/names", headers=copying.key | {"Accept": "text/csv"}
    )
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert {row["code"] for row in rows} == {*copying.codes}
    assert int(answer.headers["menpai-position"]) > 0


def read_parquet(
    copying: Copying, name: RegisterName, key: dict[str, str]
) -> pyarrow.parquet.ParquetFile:
    answer = copying.client.get(
        f"/api/v1/snapshots/{name}", headers=key | {"Accept": CopyFormat.PARQUET}
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == CopyFormat.PARQUET
    found = pyarrow.parquet.ParquetFile(io.BytesIO(answer.content))
    told = found.schema_arrow.metadata[b"menpai_position"].decode()
    assert told == answer.headers["menpai-position"]
    return found


@pytest.mark.parametrize("name", RegisterName)
@pytest.mark.parametrize("seen_classes", [CLIENT, ANYBODY])
def test_as_parquet_it_has_the_rows_and_columns_of_the_lines(
    copying: Copying,
    monkeypatch: pytest.MonkeyPatch,
    name: RegisterName,
    seen_classes: frozenset[FieldClass],
) -> None:
    monkeypatch.setattr(ParquetForm, "part_bytes", 1)  # each row is a row group
    with copying.database.session() as session:
        program = f"parquet-{name}-{len(seen_classes)}"
        made = make_program(session, program, [Permission.CHANGES_READ], classes=seen_classes)
    key = {"X-API-Key": str(made)}
    answer = copying.client.get(f"/api/v1/snapshots/{name}", headers=key)
    if answer.status_code == 403:
        asked = key | {"Accept": CopyFormat.PARQUET}
        assert copying.client.get(f"/api/v1/snapshots/{name}", headers=asked).status_code == 403
        return
    head, *lines = map(json.loads, answer.text.splitlines())
    types = {one["name"]: one["type"] for one in head["columns"]}
    found = read_parquet(copying, name, key)
    assert found.num_row_groups == len(lines)
    rows = found.read().to_pylist()
    assert all(set(row) - {"geometry"} == set(types) for row in rows)
    for row in rows:
        row.pop("geometry", None)
        for column, kind in types.items():
            if kind == ColumnType.JSON and row[column] is not None:
                row[column] = json.loads(row[column])
            elif isinstance(row[column], date):
                row[column] = row[column].isoformat()
    assert rows == lines


def test_geoparquet_has_points_in_cgcs2000(copying: Copying) -> None:
    found = read_parquet(copying, RegisterName.ADDRESSES, copying.key)
    geo = json.loads(found.schema_arrow.metadata[b"geo"])
    column = geo["columns"][geo["primary_column"]]
    assert (geo["version"], column["encoding"]) == ("1.1.0", "WKB")
    assert column["crs"] == CGCS2000
    assert pyproj.CRS.from_json_dict(column["crs"]) == pyproj.CRS.from_epsg(4490)
    points = {row["code"]: row["geometry"] for row in found.read().to_pylist()}
    assert shapely.from_wkb(points[copying.codes[0]]).coords[0] == (120.1612345, 30.24)
    assert points[copying.codes[2]] is None
    assert (
        b"geo" not in read_parquet(copying, RegisterName.UNITS, copying.key).schema_arrow.metadata
    )


def test_what_it_cannot_be_written_in_is_refused(
    copying: Copying, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(accept: str) -> Response:
        headers = copying.key | {"Accept": accept}
        return copying.client.get("/api/v1/snapshots/units", headers=headers)

    refused = ask("application/xml")
    assert (refused.status_code, refused.json()["type"]) == (406, "/problems/not-acceptable")
    assert CopyFormat.PARQUET in refused.json()["hint"]
    assert ask("application/xml, */*;q=0.1").headers["content-type"] == CopyFormat.LINES
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    without = ask(CopyFormat.PARQUET)
    assert without.status_code == 406
    assert "menpai[parquet]" in without.json()["hint"]


@pytest.mark.parametrize("name", RegisterName)
def test_the_digests_are_those_of_the_rows(copying: Copying, name: RegisterName) -> None:
    head, *rows = copying.lines(name)
    columns = [ReplicaColumn(**one) for one in head["columns"]]  # type: ignore[attr-defined]
    key = [one.name for one in columns].index(COPIED[name].key)
    found = copying.client.get(f"/api/v1/snapshots/{name}/digests", headers=copying.key).json()
    told = {one["bucket"]: (one["rows"], int(one["digest"])) for one in found["buckets"]}
    assert told == digests_of(columns, key, [read_values(columns, row) for row in rows])
    for bucket in list(told)[:2]:
        assert len(copying.lines(f"{name}?bucket={bucket}")) - 1 == told[bucket][0]


def test_without_a_key_nothing_is_copied(copying: Copying) -> None:
    for path in ("", "/addresses", "/addresses/digests"):
        assert copying.client.get(f"/api/v1/snapshots{path}").status_code == 401
    gone = copying.client.get("/api/v1/snapshots/accounts", headers=copying.key)
    assert gone.status_code == 404


def seen(copying: Copying, name: RegisterName, *scopes: Reach) -> list[dict[str, object]]:
    statement = CopyStatement(COPIED[name], scopes)
    with copying.database.reading() as session:
        session.execute(text("select 1"))
        rows = raw_connection(session).execute(
            statement.lines(RowChoice()).encode(), statement.values
        )
        return [json.loads(str(row[0])) for row in rows]


def test_another_division_is_not_copied_and_the_door_is_the_end(copying: Copying) -> None:
    names = RegisterName
    assert seen(copying, names.ADDRESSES, Reach("330106", CLIENT, is_deep=True)) == []
    shallow = seen(copying, names.ADDRESSES, Reach("3301", CLIENT, is_deep=False))
    assert {row["code"] for row in shallow} == {copying.codes[0], copying.codes[2]}
    for name in (names.NAMES, names.PLATES):
        rows = seen(copying, name, Reach("", CLIENT, is_deep=False))
        assert copying.codes[1] not in {row["code"] for row in rows}


def test_columns_are_masked_by_the_grant_of_their_division(copying: Copying) -> None:
    public = seen(copying, RegisterName.ADDRESSES, Reach("", ANYBODY, is_deep=True))
    assert "source" not in public[0]
    mixed = (Reach("330106", CLIENT, is_deep=True), Reach("3301", ANYBODY, is_deep=True))
    rows = seen(copying, RegisterName.ADDRESSES, *mixed)
    assert {row["source"] for row in rows} == {None}
    assert len(rows) == 3


def test_a_register_whose_key_is_hidden_has_no_rows(copying: Copying) -> None:
    statement = CopyStatement(COPIED[RegisterName.PLATES], [Reach("", ANYBODY, is_deep=True)])
    assert statement.reaches == []


def test_a_division_narrows_what_is_granted() -> None:
    county, city = Reach("330102", CLIENT, is_deep=True), Reach("", ANYBODY, is_deep=False)
    assert narrow([county, city], "330102001000") == (
        replace(county, division="330102001"),
        replace(city, division="330102001"),
    )
    assert narrow([county], "330100000000") == (county,)
    assert narrow([county], "3302") == ()
