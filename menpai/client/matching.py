"""Which address is meant: parse, resolve, complete, reverse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import cast

from menpai.client.answers import (
    NearestOut,
    ParseOut,
    ResolvedRow,
    ResolveOut,
    SuggestionsOut,
)
from menpai.client.calls import Calls

BATCH = 10_000
"""Texts of one call."""


class MatchingCalls(Calls):
    """Calls with the permission ``addresses:resolve``."""

    def parse(self, text: str) -> ParseOut:
        """What a text says: elements, plates, a verdict."""
        return cast(ParseOut, self.post("/parse", {"text": text}))

    def resolve(
        self,
        text: str,
        *,
        division: str = "",
        near: tuple[float, float] | None = None,
        level: str = "",
        scheme: str = "",
        limit: int = 0,
    ) -> ResolveOut:
        """Which address a text means; ``near`` is longitude and latitude in degrees (CGCS2000)."""
        asked: dict[str, object] = {"text": text, "division": division, "level": level}
        asked |= {"scheme": scheme, "limit": limit}
        if near is not None:
            asked["near"] = {"lon": near[0], "lat": near[1]}
        sent = {name: value for name, value in asked.items() if value}
        return cast(ResolveOut, self.post("/resolve", sent))

    def resolve_many(self, texts: Iterable[str], *, division: str = "") -> Iterator[ResolvedRow]:
        """One answer for each text, in their order, however many there are."""
        waiting = iter(texts)
        while part := list(islice(waiting, BATCH)):
            answer = self.post("/resolve/batch", {"texts": part}, division=division)
            yield from answer["results"]

    def autocomplete(self, q: str, *, division: str = "") -> SuggestionsOut:
        """Suggestions from the second character on: characters, pinyin, initials."""
        return cast(SuggestionsOut, self.get("/autocomplete", q=q, division=division))

    def reverse(self, lon: float, lat: float, *, crs: str = "") -> NearestOut:
        """The address nearest to a point; ``crs`` is that of the point."""
        return cast(NearestOut, self.get("/reverse", lon=lon, lat=lat, crs=crs))
