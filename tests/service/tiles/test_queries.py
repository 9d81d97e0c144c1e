"""What vector tiles hold: counts from afar, single addresses near, nothing of other divisions."""

from dataclasses import replace
from math import asinh, floor, pi, radians, tan

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.elements import Numbered
from address_model.positions import Position, PositionKind
from address_model.sensitivity import FIELDS
from service.addresses.commands import PositionDraft, enter_addresses, set_positions
from service.addresses.drafts import AddressDraft
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.errors import NotFound
from service.tiles.commands import merge_cells
from service.tiles.grid import Tile
from service.tiles.queries import read_extent, read_tile, tile_statement
from tests.database import TestDatabase
from tests.factories.addresses import make_draft, make_elements
from tests.factories.areas import make_area
from tests.factories.divisions import Place, make_place
from tests.factories.vector_tiles import Layer
from tests.factories.vector_tiles import read_tile as decode

HERE = Point(120.1651, 30.2401)
NEAR, MIDDLE, FAR = 16, 12, 6


def tile_of(point: Point, zoom: int) -> Tile:
    x = floor((point.lon + 180) / 360 * 2**zoom)
    y = floor((1 - asinh(tan(radians(point.lat))) / pi) / 2 * 2**zoom)
    return Tile(zoom, x, y)


def layers(
    session: Session, zoom: int, point: Point = HERE, scopes: tuple[str, ...] = ("",)
) -> dict[str, Layer]:
    return decode(read_tile(session, tile_of(point, zoom), scopes))


def shown(found: dict[str, Layer], layer: str = "addresses") -> list[dict[str, object]]:
    return [one.properties for one in found[layer].features] if layer in found else []


def enter(session: Session, *drafts: AddressDraft) -> list[str]:
    return [str(code) for code in enter_addresses(session, drafts, COMMAND_LINE)]


def doors(place: Place, count: int) -> list[AddressDraft]:
    """Doors on both sides of a street that runs east, 20 m apart."""
    return [
        make_draft(
            place,
            str(n),
            point=Point(HERE.lon + (n // 2) * 0.0002, HERE.lat + n % 2 * 0.0002),
        )
        for n in range(1, count + 1)
    ]


def test_near_each_address_is_a_point_with_its_number_and_state(session: Session) -> None:
    place = make_place(session)
    there = make_elements("47")._replace(number=Numbered("47", "号", "临", "1"))
    code, other = enter(
        session, make_draft(place, point=HERE), make_draft(place, elements=there, point=HERE)
    )
    found = shown(layers(session, NEAR))
    assert len(found) == 1  # both stand at one point: the living, shorter one is named
    assert found[0]["code"] == code
    assert found[0]["label"] == "88"
    assert found[0]["status"] == "active"
    assert found[0]["here"] == 2
    assert found[0]["standard_text"] == "浙江省杭州市上城区清波街道河坊街88号"
    session.execute(text("update address set status = 'retired' where code = :c"), {"c": code})
    assert [(one["code"], one["label"]) for one in shown(layers(session, NEAR))] == [
        (other, "临47-1")
    ]


def test_a_point_lies_where_it_lies(session: Session) -> None:
    """To a part in 4,096 of the tile."""
    enter(session, make_draft(make_place(session), point=HERE))
    tile = tile_of(HERE, NEAR)
    (feature,) = layers(session, NEAR)["addresses"].features
    west, south, east, north = tile.bounds()
    expected = (
        (HERE.lon - west) / (east - west) * 4096,
        (north - HERE.lat) / (north - south) * 4096,
    )
    assert feature.kind == 1
    assert feature.first == pytest.approx(expected, abs=1)


def test_an_address_stands_at_its_entrances(session: Session) -> None:
    (code,) = enter(session, make_draft(make_place(session), point=HERE))
    gate = Point(HERE.lon + 0.001, HERE.lat)
    entrance = Position(PositionKind.ENTRANCE, gate, label="东门")
    set_positions(session, [PositionDraft(code, entrance)], COMMAND_LINE)
    (found,) = layers(session, NEAR, gate)["addresses"].features
    assert (found.properties["code"], found.properties["entrance"]) == (code, "东门")


@pytest.mark.parametrize("zoom", [NEAR, MIDDLE, FAR])
def test_what_lies_in_other_divisions_is_in_no_tile(session: Session, zoom: int) -> None:
    place = make_place(session)
    foreign = make_draft(
        place,
        county="330106",
        division_id=place.ids["330106001000"],
        division_code="330106001000",
        elements=make_elements("6", county="西湖区", township="北山街道"),
        point=Point(HERE.lon + 0.0001, HERE.lat),
    )
    enter(session, make_draft(place, point=HERE), foreign)
    layer = "addresses" if zoom == NEAR else "cells"

    def count(*scopes: str) -> int:
        found = shown(layers(session, zoom, scopes=scopes), layer)
        return sum(int(str(one.get("addresses", 1))) for one in found)

    assert count("") == 2
    assert count("330102") == count("330106") == 1
    assert count("330102", "330106001") == 2
    assert count("330105") == 0


def test_from_afar_living_addresses_are_counted_and_the_counts_follow(session: Session) -> None:
    place = make_place(session)
    codes = enter(session, *doors(place, 30))

    def counted(zoom: int = FAR) -> int:
        found = shown(layers(session, zoom), "cells")
        return sum(int(str(one["addresses"])) for one in found)

    assert counted() == counted(MIDDLE) == counted(14) == 30
    change = "update address set {} where code = :code"
    session.execute(text(change.format("status = 'retired'")), {"code": codes[0]})
    session.execute(text(change.format("geom = null")), {"code": codes[1]})
    assert counted() == 28
    away = "geom = ST_SetSRID(ST_MakePoint(121.5, 29.8), 4490)"
    session.execute(text(change.format(away)), {"code": codes[2]})
    assert counted(MIDDLE) == 27
    session.execute(text(change.format("point_note = 'x'")), {"code": codes[3]})
    assert counted() == 28


def test_merging_the_cells_changes_no_count(session: Session) -> None:
    place = make_place(session)
    for draft in doors(place, 12):
        enter(session, draft)
    before = read_tile(session, tile_of(HERE, MIDDLE), ("",))
    rows = "select count(*) from address_cell"
    many = session.execute(text(rows)).scalar_one()
    assert merge_cells(session) > 0
    assert session.execute(text(rows)).scalar_one() < many
    assert read_tile(session, tile_of(HERE, MIDDLE), ("",)) == before
    assert merge_cells(session) == 0


def test_the_doors_of_a_street_draw_it(session: Session) -> None:
    enter(session, *doors(make_place(session), 16))
    found = layers(session, NEAR)["streets"]
    assert [one.properties for one in found.features] == [{"street": "河坊街"}]
    assert found.features[0].kind == 2


def test_five_doors_draw_no_street(session: Session) -> None:
    enter(session, *doors(make_place(session), 5))
    assert "streets" not in layers(session, NEAR)


def test_borders_of_communities_and_divisions_are_drawn(session: Session) -> None:
    place = make_place(session)
    make_area(session, "community", "清河坊社区", division_id=place.township_id)
    make_area(session, "grid", "网格 1", division_id=place.township_id)
    edge = Point(120.1, 30.25)
    found = layers(session, 14, edge)
    assert shown(found, "communities") == [{"name": "清河坊社区"}]
    assert found["communities"].features[0].kind == 2
    assert "communities" not in layers(session, 14, edge, scopes=("330106",))
    assert {"name": "清河坊社区", "level": 5} in shown(
        layers(session, 14, Point(120.15, 30.25)), "names"
    )
    assert {one["name"] for one in shown(layers(session, 8), "divisions")} == {"上城区", "西湖区"}


def test_every_field_of_a_tile_has_a_class(session: Session) -> None:
    place = make_place(session)
    make_area(session, "community", "清河坊社区")
    enter(session, *doors(place, 16))
    for zoom in (FAR, 14, NEAR):
        for layer in layers(session, zoom).values():
            for one in layer.features:
                assert set(one.properties) <= set(FIELDS["tile"]), layer.name


def test_the_extent_of_some_divisions_holds_their_addresses(session: Session) -> None:
    place = make_place(session)
    assert read_extent(session, ("",)) is None
    enter(session, make_draft(place, point=HERE))
    west, south, east, north = read_extent(session, ("330102",)) or (0, 0, 0, 0)
    assert west < HERE.lon < east
    assert south < HERE.lat < north
    assert east - west < 0.01
    assert read_extent(session, ("330106",)) is None


@pytest.mark.parametrize("tile", [(17, 0, 0), (-1, 0, 0), (3, 8, 0), (3, 0, -1)])
def test_tiles_outside_of_the_map_are_unknown(tile: tuple[int, int, int]) -> None:
    with pytest.raises(NotFound):
        Tile(*tile).require_known()


@pytest.mark.parametrize(
    ("zoom", "index"), [(NEAR, "ix_address_geom"), (14, "ix_address_cell_x_y")]
)
def test_a_tile_is_read_by_its_index(fresh_database: TestDatabase, zoom: int, index: str) -> None:
    """In a database whose statistics other tests have not made."""
    database = Database(fresh_database.app_url)
    with database.session() as session:
        place = make_place(session)
        enter(session, *(replace(one, source="t") for one in doors(place, 20)))
        statement, values = tile_statement(tile_of(HERE, zoom), ("330102",))
        session.execute(text("set local enable_seqscan = off"))
        plan = "\n".join(session.execute(text(f"explain {statement}"), values).scalars())
    database.dispose()
    assert index in plan
