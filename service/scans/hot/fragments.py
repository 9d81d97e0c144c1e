"""Fragments of pages without what areas and the story add: made once, kept in the database.

A scan of a plate that was ever scanned today costs no drawing and no spelling out: its body is
fetched with its row, and names of areas and contacts, which may change at any minute, are put in.
Only for the view and the language nearly everybody reads.
"""

import hashlib
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from service.core.html import safe
from service.heritage.stories import Story
from service.scans.card import ScanCard, in_order
from service.scans.card_builder import Surroundings
from service.scans.contact_list import contact_list
from service.scans.hot.compression import Packer, typical_card
from service.scans.hot.registers import Filling
from service.scans.outcomes import ScanOutcome, outcome_of
from service.scans.plate_page import story_line, title_and_body
from service.scans.reader import PLAIN
from service.scans.site import Site
from service.scans.template_parts import EMPTY, parts_of

_MARK = "\x01area\x01"
_STORY = Story(_MARK, "\x01name\x01", "\x01story\x01", "")
_CUT = b"\0"
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


class Fragments:
    """Cuts bodies and fills them in, for the pages of one site."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._kit = parts_of(site, PLAIN)
        self._nobody = contact_list((), site, PLAIN)
        name = self._kit.parts["path_name"](_MARK)
        areas, story = self._kit.parts["areas"](_MARK), story_line(_STORY, self._kit)
        self._holes = (name, self._nobody, areas, story)
        self._packer = Packer(self._join(typical_card()) or b"")
        self._stories: dict[Story, bytes] = {}
        self.made_by = _look_of(site)

    def cut(self, card: ScanCard) -> bytes | None:
        """The body of a card, packed; None where the card has no room for every filling."""
        body = self._join(card)
        return None if body is None else self._packer.pack(body)

    def _join(self, card: ScanCard) -> bytes | None:
        """The body with holes where the fillings go."""
        marked = replace(card, community=_MARK, grid="", contacts=(), story=_STORY)
        title, content = title_and_body(marked, self._site, PLAIN)
        rest: str = content
        pieces = [safe(title)]
        for hole in self._holes:
            if rest.count(hole) != 1:
                return None
            before, rest = rest.split(hole)
            pieces.append(before)
        kind = "demo" if card.is_demo or self._site.is_demo else "real"
        head = (kind, outcome_of(card.state))
        return _CUT.join([piece.encode() for piece in (*head, *pieces, rest)])

    def fill(self, body: bytes, filling: Filling, story: bytes) -> tuple[bytes, ScanOutcome]:
        """The whole page of a packed body, as UTF-8, and how a scan of it is counted."""
        pieces = self._packer.unpack(body).split(_CUT)
        kind, outcome, title, first, second, third, fourth, last = pieces
        head, middle, tail = self._kit.frames[kind == b"demo"].pieces
        inside = (first, filling.path, second, filling.contacts, third, filling.facts)
        text = b"".join((head, title, middle, *inside, fourth, story, last, tail))
        return text, _OUTCOMES[outcome]

    def story(self, story: Story | None) -> bytes:
        """What the story of its place puts into a page."""
        if story is None:
            return b""
        line = self._stories.get(story)
        if line is None:
            if len(self._stories) > 10_000:
                self._stories.clear()
            line = self._stories[story] = story_line(story, self._kit).encode()
        return line

    def filling(self, about: Surroundings) -> Filling:
        """What the areas of an address put into its page."""
        parts = self._kit.parts
        names = " · ".join(filter(None, (about.community, about.grid)))
        contacts = in_order(about.contacts)
        return Filling(
            (parts["path_name"](about.community) if about.community else EMPTY).encode(),
            contact_list(contacts, self._site, PLAIN).encode(),
            (parts["areas"](names) if names else EMPTY).encode(),
            bool(contacts),
        )


@lru_cache(maxsize=8)
def _look_of(site: Site) -> bytes:
    """Changes with whatever bodies are made by: our code, templates and words, and the site."""
    digest = hashlib.blake2b(repr(site).encode(), digest_size=8)
    for pattern in _SOURCES:
        for file in sorted(_ROOT.glob(pattern)):
            digest.update(file.read_bytes())
    return digest.digest()
