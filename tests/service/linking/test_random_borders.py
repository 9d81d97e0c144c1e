"""After every random edit links and faults of borders are those that PostGIS finds by itself.

A relinking of the whole register then writes nothing.
"""

from datetime import date
from random import Random

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from address_model.tables import Area
from benchmarks.voronoi import jagged_cells
from service.areas.border_faults import FaultKind
from service.areas.borders import BorderRefused
from service.areas.queries import HeldArea, list_held_areas
from service.areas.queries.borders import list_border_faults
from service.areas.shapes import normalise
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.errors import Conflict
from service.linking.commands import (
    AreaEdit,
    EditTerms,
    NewArea,
    draw_area,
    end_area,
    link_register,
    load_and_link,
    merge_areas,
    redraw_border,
    split_area,
)
from tests.factories.addresses import enter_at
from tests.factories.areas import box, make_listed
from tests.service.linking.test_border_edits import do, grid
from tests.service.linking.test_linking import joined, links

TODAY = date(2026, 11, 23)
TERMS = EditTerms(COMMAND_LINE, TODAY)
OVERLAPS = text("""
select coalesce(sum(ST_Area(ST_Transform(part.geom, 4549))), 0) from area a
join area b on a.id < b.id and a.kind = b.kind and a.parent_id = b.parent_id
  and ST_Intersects(a.geom, b.geom),
lateral (select ST_Intersection(a.geom, b.geom) as geom) part
where a.kind = 'grid' and a.succeeded_by is null and b.succeeded_by is null
and coalesce(a.valid_to, :day) >= :day and coalesce(b.valid_to, :day) >= :day
and ST_Area(ST_Transform(part.geom, 4549)) >= 1
""")
MISSING = text("""
select coalesce(sum(m2), 0) from (
  select ST_Area(ST_Transform((ST_Dump({})).geom, 4549)) as m2 from area c,
  lateral (select ST_Union(g.geom) as geom from area g where g.parent_id = c.id and g.kind = 'grid'
    and g.succeeded_by is null and coalesce(g.valid_to, :day) >= :day) g
  where c.kind = 'community' and c.succeeded_by is null) parts where m2 >= 1
""".replace("{}", "ST_Difference(c.geom, g.geom)"))  # fmt: skip
BEYOND = text(MISSING.text.replace("c.geom, g.geom", "g.geom, c.geom"))


def drag(area: HeldArea, random: Random) -> BaseGeometry:
    """A border with a stretch of its corners moved the same way."""
    part = max(shapely.get_parts(area.shape), key=lambda one: one.area)
    corners = shapely.get_coordinates(part.exterior)[:-1]
    first, count = random.randrange(len(corners)), random.randrange(1, max(2, len(corners) // 4))
    step = np.array([random.uniform(-1, 1), random.uniform(-1, 1)]) * 0.002
    for at in range(count):
        corners[(first + at) % len(corners)] += step
    return normalise(shapely.Polygon(np.round(corners, 9)))


def edit_at_random(session: Session, random: Random, number: int) -> AreaEdit:
    held = list_held_areas(session, kinds=["grid"], living_on=TODAY)
    area, other = random.choice(held), random.choice(held)
    west, south, east, north = area.shape.bounds
    spot = [random.uniform(west, east), random.uniform(south, north)]
    kind = random.choice(["draw", "redraw", "redraw", "redraw", "split", "merge", "end"])
    if kind == "redraw":
        shape = drag(area, random)
        if not shape.is_valid:
            raise BorderRefused("crosses itself")
        return redraw_border(session, area.id, shape, TERMS)
    if kind == "draw":
        ground = normalise(shapely.Point(spot).buffer(random.uniform(0.001, 0.003)))
        return draw_area(session, NewArea(f"新{number}", kind="grid"), ground, TERMS)
    if kind == "split":
        line = shapely.LineString([(spot[0], south - 0.001), (spot[0], north + 0.001)])
        return split_area(session, area.id, line, NewArea(f"分{number}"), TERMS)
    if kind == "merge":
        return merge_areas(session, area.id, other.id, TERMS)
    if len(held) < 6:
        raise BorderRefused("few are left")
    return end_area(session, area.id, TERMS)


@pytest.mark.parametrize("seed", range(3))
def test_after_every_random_edit_links_and_faults_are_those_that_postgis_finds(
    register: Database, seed: int
) -> None:
    random = Random(seed)
    points = np.random.default_rng(seed).uniform(0, 3, (150, 2)).round(3)
    cells = jagged_cells((120.0, 30.0, 120.03, 30.03), 9, seed)
    community = make_listed("C1", box(0, 0, 3, 3), kind="community")
    grids = [
        make_listed(f"G{at}", normalise(shapely.set_precision(cell, 1e-9)), at + 2, parent="C1")
        for at, cell in enumerate(cells)
    ]
    with register.session() as session:
        enter_at(session, [tuple(point) for point in points.tolist()])
    load_and_link(register, [community, *grids], COMMAND_LINE, today=TODAY)
    done = 0
    for number in range(60):
        try:
            do(register, lambda s, number=number: edit_at_random(s, random, number))  # type: ignore[misc]
        except (BorderRefused, Conflict):
            continue
        done += 1
        with register.reading() as session:
            assert links(session) == joined(session)
            faults = list_border_faults(session, [grid(session, "C1")], TODAY)
            wanted = zip(FaultKind, (OVERLAPS, MISSING, BEYOND), strict=True)
            for kind, asked in wanted:
                there = session.execute(asked, {"day": TODAY}).scalar_one()
                told = sum(fault.m2 for fault in faults if fault.kind is kind)
                assert told == pytest.approx(there, rel=2e-3, abs=2), (number, kind)
    again = link_register(register, COMMAND_LINE, today=TODAY)
    assert (again.added, again.removed) == (0, 0)
    with register.reading() as session:
        assert session.scalar(text("select count(*) from area where not ST_IsValid(geom)")) == 0
        ended = select(Area.id).where(Area.valid_to < TODAY, Area.succeeded_by.is_(None))
        assert not set(session.scalars(ended)) & {area for _, area in links(session)}
    assert done > 15
