"""Commands of divisions as `menpai divisions` gives them: lists, decisions, imprints."""

import json
from datetime import date

from service.addresses import commands as addresses
from service.addresses.commands import Renaming, follow_division
from service.core.actor import COMMAND_LINE as ME
from service.divisions import commands as divisions
from service.divisions.commands import DecisionNotice
from service.divisions.imprints import Imprint
from service.divisions.queries import get_division
from service.divisions.sources import ListedDivision
from service.plates import commands as plates
from tests.factories.addresses import make_draft, make_elements
from tests.factories.division_lists import write_lists
from tests.factories.numerals import spelled
from tests.town import COUNTY, HILLS, LAKE, TOWNSHIP, TOWNSHIPS
from tests.writer_steps.hand import Hand

NOTICE = DecisionNotice("示例政发〔2026〕9号", date(2026, 11, 1))


def load_lists(hand: Hand) -> None:
    _load(hand, [])


def rename_township(hand: Hand) -> None:
    name = hand.town.name("镇")
    with hand.database.session() as session:
        now, former = divisions.rename_division(session, HILLS, name, NOTICE, ME)
        ids = divisions.list_ids_inside(session, now)
    _follow(hand, Renaming(ids, former, now, moves=False, source=NOTICE.source))


def merge_townships(hand: Hand) -> None:
    number = hand.number()
    code, name = f"330102{200 + number % 800:03d}000", f"示例{spelled(number)}乡"
    _load(hand, [ListedDivision(code, 4, name, COUNTY)])
    with hand.database.session() as session:
        made = get_division(session, code)
        street = f"示例{spelled(number)}路"
        elements = make_elements("1", township=made.name, thoroughfare=street)
        draft = make_draft(
            hand.town.place, division_id=made.id, division_code=code, elements=elements
        )
        (door,) = addresses.enter_addresses(session, [draft], ME)
    hand.town.hang(str(door))
    with hand.database.session() as session:
        held, target = divisions.merge_division(session, code, TOWNSHIP, NOTICE, ME)
        ids = divisions.list_ids_inside(session, held)
    _follow(hand, Renaming(ids, held.name, target, moves=True, source=NOTICE.source))


def set_imprints(hand: Hand) -> None:
    listed = hand.drawn.sample((COUNTY, TOWNSHIP, HILLS, LAKE), 2)
    with hand.database.session() as session:
        for division in listed:
            issuer = f"示例{spelled(hand.drawn.randrange(50))}局"
            divisions.set_imprint(session, division, Imprint(issuer, "310002"), ME)


def _load(hand: Hand, more: list[ListedDivision]) -> None:
    """Load lists as the command does; each has another boundary of the other county."""
    east = round(120.3 + hand.drawn.uniform(0, 0.1), 6)
    ring = [[120, 30], [east, 30], [east, 30.4], [120, 30.4], [120, 30]]
    shapes = {"330106": json.dumps({"type": "Polygon", "coordinates": [ring]})}
    listed = [*hand.drawn.sample(TOWNSHIPS, len(TOWNSHIPS)), *more]
    folder = write_lists(hand.folder, listed, shapes, hand.drawn.randrange(1990, 2020))
    with hand.database.session() as session:
        divisions.load_shipped(session, folder, ME)
        addresses.open_code_spaces(session)


def _follow(hand: Hand, following: Renaming) -> None:
    """Let the addresses of a division follow it, each page a transaction."""
    after: str | None = ""
    while after is not None:
        with hand.database.session() as session:
            page = follow_division(session, following, ME, after=after, size=20)
            plates.follow_addresses(session, page.before, ME)
        after = page.last or None
