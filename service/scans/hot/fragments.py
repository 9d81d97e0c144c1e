"""Page fragments: packed page bodies without surroundings and story, stored in the database.

A scan of a plate whose body is stored costs no drawing and no romanisation: the body comes with its
row, and names of areas and contacts, which may change at any minute, are filled in. Only for the
default view and language. A body of 5 KB is packed to less than 1 KB with a zstd dictionary, so
that millions fit into memory; unpacking takes some 4 µs, half of what zlib takes.
"""

import hashlib
import time
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from zstandard import ZstdCompressionDict, ZstdCompressor, ZstdDecompressor

from address_model.address_kinds import kind_of
from address_model.coordinates import Point
from address_model.facility_kinds import FacilityKind
from service.core.async_pool import AsyncPool
from service.core.html import safe
from service.core.timer import repeat
from service.datasets.register import ShownField
from service.heritage.stories import Story
from service.scans.card import ScanCard, ScanOutcome
from service.scans.contact import in_order
from service.scans.contact_list import contact_list
from service.scans.data_list import data_list
from service.scans.hot.page import Page, make_plain_page
from service.scans.hot.typical_card import typical_card
from service.scans.nearby_list import distance_words, nearby_list, nearby_row
from service.scans.plate_page import story_line, title_and_body
from service.scans.queries.cards import Surroundings
from service.scans.queries.plates import clear_bodies, store_bodies
from service.scans.reader import PLAIN
from service.scans.service_list import service_list
from service.scans.site import Site
from service.scans.templates import EMPTY, parts_of
from service.service_items.links import CODE
from service.service_items.nearby import KnownFacility, NearFacility
from service.service_items.register import OfferedService

Made = tuple[str, int, int, bytes]
"""Token, row versions of plate and address, packed body."""

_EVERY_S = 0.25
_CLEAR_EVERY_S = 600.0
_AT_ONCE = 200
_MOST_WAITING = 5_000
_LEVEL = 3
_MARK = "\x01area\x01"
_STORY = Story(_MARK, "\x01name\x01", "\x01story\x01", "")
_OFFERED = (OfferedService(0, "", "\x01service\x01", phone="0"),)
_NEARBY = (NearFacility(KnownFacility(0, FacilityKind.AED, "\x01facility\x01", "", "")),)
_DATA = (ShownField(0, "", "", "", "\x01data\x01", "", "", "", date.min),)
_CUT = b"\0"
_CUT_AT = _MARK.encode()
_OUTCOMES = {one.encode(): one for one in ScanOutcome}
_ROOT = Path(__file__).resolve().parents[3]
_SOURCES = (
    "service/scans/**/*.py",
    "service/templates/**/*.html",
    "service/static/site.css",
    "service/core/html.py",
    "service/plates/faces.py",
    "address_model/*.py",
)


@dataclass(frozen=True, slots=True)
class Filling:
    """What surroundings contribute to a page body: to its path, its contacts and its facts."""

    path: bytes
    contacts: bytes
    facts: bytes
    shows_contact: bool


class Offers(NamedTuple):
    """What registers other than the surroundings contribute to a page body."""

    near: bytes = b""
    story: bytes = b""
    services: bytes = b""
    data: bytes = b""


class Body:
    """An unpacked body: where the plate is, which says what is filled in, and its pieces."""

    __slots__ = ("_cut", "is_demo", "outcome")

    def __init__(self, text: bytes) -> None:
        """Cut a body where ``Fragments.cut`` joined it."""
        self._cut = text.split(_CUT)
        self.is_demo = self._cut[0] == b"demo"
        self.outcome = _OUTCOMES[self._cut[1]]

    @property
    def division(self) -> str:
        """The division of the address."""
        return self._cut[2].decode()

    @property
    def kind(self) -> str:
        """The kind of the address."""
        return self._cut[3].decode()

    @property
    def point(self) -> Point | None:
        """Where the plate is, in degrees."""
        return Point(*map(float, at.split())) if (at := self._cut[4]) else None

    @property
    def pieces(self) -> list[bytes]:
        """The title, and the pieces between the places to fill."""
        return self._cut[5:]


class Packer:
    """Compresses bodies that share most of their text with a dictionary."""

    def __init__(self, dictionary: bytes) -> None:
        """Bodies can only be unpacked with the dictionary they were packed with."""
        prepared = ZstdCompressionDict(dictionary)
        self._packing = ZstdCompressor(_LEVEL, prepared, write_dict_id=False)
        self._unpacking = ZstdDecompressor(prepared)

    def pack(self, body: bytes) -> bytes:
        """Compress a body."""
        return self._packing.compress(body)

    def unpack(self, packed: bytes) -> bytes:
        """Decompress a body."""
        return self._unpacking.decompress(packed)


class Fragments:
    """Makes bodies and fills them in, for the pages of one site."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._page = parts_of(site, PLAIN)
        self._nobody = contact_list((), site, PLAIN)
        name = self._page.parts["path_name"](_MARK)
        areas, story = self._page.parts["areas"](_MARK), story_line(_STORY, self._page)
        near = nearby_list(_NEARBY, site, PLAIN)
        offered = service_list(_OFFERED, "", site, PLAIN)
        data = data_list(_DATA, site, PLAIN)
        self._holes = (name, self._nobody, near, areas, story, offered, data)
        self._packer = Packer(self._join(typical_card()) or b"")
        self._stories: dict[Story, bytes] = {}
        made_by = hashlib.blake2b(repr(site).encode(), digest_size=8)
        for pattern in _SOURCES:
            for file in sorted(_ROOT.glob(pattern)):
                made_by.update(file.read_bytes())
        self.made_by = made_by.digest()
        """A digest of everything bodies depend on: code, templates, and the site."""

    def cut(self, card: ScanCard) -> bytes | None:
        """The packed body of a card; None if the page lacks one of the places to fill."""
        body = self._join(card)
        return None if body is None else self._packer.pack(body)

    def _join(self, card: ScanCard) -> bytes | None:
        """The body as NUL-separated pieces, cut at the places to fill."""
        marked = replace(
            card,
            community=_MARK,
            grid="",
            contacts=(),
            story=_STORY,
            services=_OFFERED,
            nearby=_NEARBY,
            data=_DATA,
        )
        title, content = title_and_body(marked, self._site, PLAIN)
        rest: str = content
        pieces = [safe(title)]
        for hole in self._holes:
            if rest.count(hole) != 1:
                return None
            before, rest = rest.split(hole)
            pieces.append(before)
        kind = "demo" if card.is_demo or self._site.is_demo else "real"
        at = f"{card.point.lon!r} {card.point.lat!r}" if card.point else ""
        head = (kind, card.outcome, card.division, kind_of(card.elements), at)
        return _CUT.join([piece.encode() for piece in (*head, *pieces, rest)])

    def unpack(self, packed: bytes) -> Body:
        """A packed body, to be filled."""
        return Body(self._packer.unpack(packed))

    def fill(
        self, body: Body, filling: Filling, offers: Offers, *, is_passing: bool = False
    ) -> Page:
        """The page of a body.

        ``is_passing``: contacts are left out for the moment, so the page must not be cached.
        """
        head, middle, tail = self._page.frames[body.is_demo].pieces
        near, story, services, data = offers
        title, first, second, third, fourth, fifth, sixth, seventh, last = body.pieces
        text = (
            *(head, title, middle, first, filling.path, second, filling.contacts, third, near),
            *(fourth, filling.facts, fifth, story, sixth, services, seventh, data, last, tail),
        )
        is_public = not (filling.shows_contact or is_passing or near or services or data)
        return make_plain_page(text, body.outcome, is_public=is_public)

    def services(self, offered: tuple[OfferedService, ...]) -> bytes:
        """The services as UTF-8, or empty; ``CODE`` stands where links carry the address code."""
        return service_list(offered, CODE, self._site, PLAIN).encode()

    def data(self, shown: tuple[ShownField, ...]) -> bytes:
        """The data of the address as UTF-8, or empty."""
        return data_list(shown, self._site, PLAIN).encode()

    def nearby(self, found: tuple[NearFacility, ...], rows: dict[int, list[bytes]]) -> bytes:
        """The facilities nearby as UTF-8, or empty.

        ``rows`` keeps each facility's row, by its id, cut where the distance stands.
        """
        if not found:
            return b""
        head, tail = self._page.parts["nearby"].pieces
        pieces = [head]
        for one in found:
            distance = distance_words(one, self._page.words)
            row = rows.get(one.facility.id)
            if row is None or not distance:
                row = (
                    nearby_row(one.facility, distance and _MARK, self._page).encode().split(_CUT_AT)
                )
                if distance:
                    rows[one.facility.id] = row
            pieces += (row[0], distance.encode(), *row[1:])
        return b"".join((*pieces, tail))

    def story(self, story: Story | None) -> bytes:
        """The story line as UTF-8, or empty."""
        if story is None:
            return b""
        line = self._stories.get(story)
        if line is None:
            if len(self._stories) > 10_000:
                self._stories.clear()
            line = self._stories[story] = story_line(story, self._page).encode()
        return line

    def filling(self, about: Surroundings) -> Filling:
        """The texts that the surroundings of an address contribute to its page."""
        parts = self._page.parts
        names = " · ".join(filter(None, (about.community, about.grid)))
        contacts = in_order(about.contacts)
        return Filling(
            (parts["path_name"](about.community) if about.community else EMPTY).encode(),
            contact_list(contacts, self._site, PLAIN).encode(),
            (parts["areas"](names) if names else EMPTY).encode(),
            bool(contacts),
        )


class FragmentWriter:
    """Stores new bodies for all server processes; a lost one is made again when needed."""

    def __init__(self, pool: AsyncPool, made_by: bytes) -> None:
        self._pool, self._made_by = pool, made_by
        self._waiting: dict[str, Made] = {}
        self._cleared = 0.0

    def add(self, made: Made) -> None:
        """Queue a body: token, row versions of plate and address, packed body."""
        if len(self._waiting) < _MOST_WAITING:
            self._waiting[made[0]] = made

    async def work(self) -> None:
        """Write the queue, and clear old bodies, until cancelled."""
        await repeat(self._flush, every=_EVERY_S)

    async def write(self) -> None:
        """Write the queue.

        Raises:
            DatabaseUnreachable: the database does not take it.
        """
        while self._waiting:
            some = [self._waiting.pop(token) for token in list(self._waiting)[:_AT_ONCE]]
            await store_bodies(self._pool, self._made_by, some)

    async def _flush(self) -> None:
        if time.monotonic() - self._cleared > _CLEAR_EVERY_S:
            await clear_bodies(self._pool)
            self._cleared = time.monotonic()
        await self.write()
