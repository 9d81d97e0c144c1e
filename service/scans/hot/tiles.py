"""The doors about a point, from squares of the map that a server process keeps for a while.

Neighbours look at the same doors: a square is fetched once for all who are scanned in it, so that a
plate's first scan of the day costs no search of its own. The squares are dropped with every change
of an address, and after ten minutes in any case.
"""

import time
from collections import OrderedDict
from collections.abc import Mapping
from functools import partial
from math import floor

from address_model.coordinates import Point
from service.addresses.queries import square_about
from service.core.batcher import Batcher
from service.core.lanes import Lanes
from service.scans.hot.queries import TILE, Tile, find_tiles
from service.scans.sketch import REACH_M, Door

_MOST_TILES_A_QUERY = 24
_MOST_DOORS = 100_000
_LONGEST_S = 600.0


class Tiles:
    """The squares of one event loop."""

    def __init__(self, lanes: Lanes) -> None:
        self._fetched = Batcher(partial(find_tiles, lanes), most_keys=_MOST_TILES_A_QUERY)
        self._kept: OrderedDict[str, tuple[float, Tile]] = OrderedDict()
        self.doors = 0
        """How many are held."""
        self._age = 0

    async def doors_about(self, point: Point) -> list[Door]:
        """The doors that a sketch of a point may draw, none of the point itself.

        Raises:
            DatabaseUnreachable: a square is not at hand and cannot be fetched.
        """
        west, south, east, north = square_about(point, REACH_M)
        columns = range(floor(west / TILE), floor(east / TILE) + 1)
        rows = range(floor(south / TILE), floor(north / TILE) + 1)
        tiles = await self._tiles([f"{x}:{y}" for x in columns for y in rows])
        here = (point.lon, point.lat)
        return [
            door
            for tile in tiles
            for lon, lat, door in tile
            if west <= lon <= east and south <= lat <= north and (lon, lat) != here
        ]

    def forget(self) -> None:
        """An address has changed, nobody knows in which square."""
        self._kept.clear()
        self.doors = 0
        self._age += 1

    async def _tiles(self, names: list[str]) -> list[Tile]:
        now, age = time.monotonic(), self._age
        found: dict[str, Tile] = {}
        for name in names:
            kept = self._kept.get(name)
            if kept is not None and kept[0] > now:
                found[name] = kept[1]
        asked = {name: self._fetched.load(name) for name in names if name not in found}
        for name, future in asked.items():
            found[name] = await future or ()
        if age == self._age:
            self._keep({name: found[name] for name in asked}, now + _LONGEST_S)
        return [found[name] for name in names]

    def _keep(self, tiles: Mapping[str, Tile], until: float) -> None:
        for name, tile in tiles.items():
            old = self._kept.pop(name, None)
            self.doors += len(tile) - (len(old[1]) if old else 0)
            self._kept[name] = (until, tile)
        while self.doors > _MOST_DOORS and self._kept:
            self.doors -= len(self._kept.popitem(last=False)[1][1])
