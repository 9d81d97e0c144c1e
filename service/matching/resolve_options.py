"""Options of a resolve request: division, nearby point, identifier scheme, number of candidates."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from address_model.coordinates import Point, distance_m
from address_model.division_codes import division_prefix
from address_model.gazetteer import Gazetteer
from address_model.parsing import Parse, parse
from address_model.sensitivity import Viewer
from service.addresses.json_view import is_seen
from service.addresses.queries import AddressRow
from service.matching.resolution import Candidate, Resolution

MOST_CANDIDATES = 50


@dataclass(frozen=True, slots=True)
class ResolveOptions:
    """Options that a caller adds to a text.

    ``division`` is a 12-digit code or its prefix: a text without county is read as if it began
    with it, and results elsewhere are uncertain. ``near`` (degrees, EPSG:4490) puts the nearest
    candidates first and decides only between namesakes. With ``scheme`` the text is an identifier
    of that scheme. With ``level`` number the door is resolved, and the levels below become the
    remainder. Addresses that ``viewer`` does not see are not answered.
    """

    division: str = ""
    near: Point | None = None
    limit: int = 10
    scheme: str = ""
    level: str = ""
    viewer: Viewer | None = None

    @property
    def asks_for_door(self) -> bool:
        """Whether the door is resolved; also for a viewer who sees nothing below it."""
        return bool(self.level) or (self.viewer is not None and self.viewer.stops_at_the_door)

    @property
    def prefix(self) -> str:
        """The leading digits shared by all codes in the division."""
        return division_prefix(self.division)

    def holds(self, address: AddressRow) -> bool:
        """Whether an address lies in the division."""
        prefix = self.prefix
        return address.county.startswith(prefix[:6]) and address.division_code[6:].startswith(
            prefix[6:]
        )

    def may_hold(self, county: str) -> bool:
        """Whether a county (six digits) lies in the division, or the division in it."""
        return county.startswith(self.prefix[:6])

    def complete(self, reading: Parse, gazetteer: Gazetteer) -> Parse:
        """The reading with the division prefixed, if the text names no county."""
        if reading.county or len(self.prefix) < 6:
            return reading
        division = gazetteer.find_division(self.prefix)
        if division is None or not division.code.startswith(reading.division.rstrip("0")):
            return reading
        # The full name of the division, widest first.
        above = [ancestor.name for ancestor in division.lineage if ancestor is not None]
        front = "".join((*above, division.name))
        whole = parse(front + reading.text, gazetteer)
        own = [
            element._replace(start=element.start - len(front), end=element.end - len(front))
            for element in whole.elements
            if element.start >= len(front)
        ]
        return whole._replace(text=reading.text, elements=tuple(own))


ANYWHERE = ResolveOptions()


def narrow(found: Resolution, focus: ResolveOptions) -> Resolution:
    """Apply the options to a result: outside the division it is uncertain; nearest first."""
    if focus.viewer is not None:
        found = keep_seen(found, focus.viewer)
    if found.address and focus.division and not focus.holds(found.address):
        why = f"it lies outside the division {focus.division}"
        doubted = Candidate(found.address, found.score * 0.5, found.differences, (why,))
        return replace(
            found,
            category="C",
            address=None,
            score=round(found.score * 0.5, 3),
            reasons=(*found.reasons, why),
            candidates=(doubted,),
            question=ask_which([doubted]),
        )
    if not found.candidates:
        return found
    if not focus.division and focus.near is None:
        return replace(found, candidates=found.candidates[: focus.limit])
    ranked = sorted(found.candidates, key=lambda candidate: _rank(candidate, focus))
    return replace(
        found, candidates=tuple(ranked[: focus.limit]), question=ask_which(ranked[: focus.limit])
    )


def keep_seen(found: Resolution, viewer: Viewer) -> Resolution:
    """The result without addresses that a viewer does not see; it does not say that they exist."""
    if found.address is not None and not is_seen(found.address, viewer):
        return Resolution(found.text, "none", unknown=found.unknown, remainder=found.remainder)
    if found.historic is not None and not is_seen(found.historic, viewer):
        found = replace(found, historic=None, matched_name=None)
    seen = tuple(one for one in found.candidates if is_seen(one.address, viewer))
    if len(seen) == len(found.candidates):
        return found
    if not seen and found.address is None:
        return Resolution(found.text, "none", unknown=found.unknown, remainder=found.remainder)
    question = ask_which(seen) if found.question and seen else ""
    return replace(found, candidates=seen, question=question)


def _rank(candidate: Candidate, focus: ResolveOptions) -> tuple[bool, float]:
    """Sort key: inside the division first; then, with a point, the nearest, else the likeliest."""
    address = candidate.address
    outside = bool(focus.division) and not focus.holds(address)
    if focus.near is None:
        return outside, -candidate.score
    if address.position is None:
        return outside, float("inf")
    return outside, distance_m(focus.near, address.position.point)


def ask_which(candidates: Sequence[Candidate]) -> str:
    """The question that leaves the choice to a person."""
    shown = "、".join(candidate.address.standard_text for candidate in candidates[:3])
    return f"您要找的是: {shown}?" if len(candidates) == 1 else f"是哪一个: {shown}?"
