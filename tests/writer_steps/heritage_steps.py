"""Commands of the heritage as `menpai heritage` gives them, over a few shared entries."""

from address_model.heritage.catalogue import CatalogueEntry, Listing, Scheme
from service.core.actor import COMMAND_LINE as ME
from service.heritage.commands import load_catalogue, merge_entries
from service.linking import commands as linking
from tests.factories.heritage import entry_of, place_of
from tests.factories.numerals import spelled
from tests.writer_steps.hand import Hand

SHARED = ("示例甲村", "示例乙村", "示例丙村", "示例丁村")


def load_entries(hand: Hand) -> None:
    entries = [_shared(hand, name) for name in hand.drawn.sample(SHARED, 3)]
    criteria: dict[str, object] = {"至少": f"{hand.drawn.randrange(100, 1000)} 年"}
    scheme = Scheme("S-1", "2026", "示例名录", criteria)
    with hand.database.session() as session:
        reviewed = hand.drawn.random() < 0.5
        load_catalogue(session, entries, [scheme], ME, over_reviewed=reviewed)


def load_listed_street(hand: Hand) -> None:
    number = hand.number()
    name = f"示例{spelled(number)}坊巷"
    place = place_of(number=f"T-{number}", standard_name=name, kind="street", division="330102001")
    listed = Listing("S-1", "示例名录", "recognized")
    entry = entry_of(place, id=f"T-{number}", heritage_class="street", recognitions=(listed,))
    with hand.database.session() as session:
        load_catalogue(session, [entry], [], ME)
    hand.share(hand.pool.streets, f"T-{number}")


def merge_two_entries(hand: Hand) -> None:
    number, kept = hand.number(), _shared(hand, hand.drawn.choice(SHARED))
    place = place_of(
        number=f"T-{number}",
        standard_name=f"示例{spelled(number)}村",
        kind="village",
        division="330102001",
    )
    gone = entry_of(place, id=f"T-{number}", heritage_class="village")
    with hand.database.session() as session:
        load_catalogue(session, hand.drawn.sample((gone, kept), 2), [], ME)
    with hand.database.session() as session:
        linking.assign_place(
            session, hand.code(), place.number, kind="historical", reason="旧址", actor=ME
        )
    with hand.database.session() as session:
        merge_entries(session, gone.id, kept.id, reason="同一地", actor=ME)


def _shared(hand: Hand, name: str) -> CatalogueEntry:
    """One of the entries that all load, with a story that is another each time."""
    number = f"S-{SHARED.index(name) + 1}"
    place = place_of(number=number, standard_name=name, kind="village", division="330102001")
    story = f"旧事 {hand.number()}"
    return entry_of(place, id=number, heritage_class="village", story_zh=story)
