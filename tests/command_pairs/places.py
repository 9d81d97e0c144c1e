"""Pairs of commands over streets and their namesakes, what lies in buildings, and the heritage."""

from address_model.elements import Elements, Numbered
from address_model.heritage.catalogue import CatalogueEntry
from service.addresses import commands as addresses
from service.addresses.queries import get_address
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Session
from service.divisions.queries import get_division
from service.heritage.commands import load_catalogue, merge_entries
from service.linking import commands as linking
from service.naming.commands import merge_places, rename_place
from service.placenames import commands as placenames
from service.placenames.queries import find_places, get_record
from tests.command_pairs.doors_and_plates import NOTICE
from tests.factories.addresses import make_draft, make_elements
from tests.factories.heritage import entry_of, place_of
from tests.interleaving import Step
from tests.town import FIELD, LAKE, TOWNSHIPS, Town, correct, merge


def street_renamed_and_door_corrected(town: Town) -> tuple[Step, Step]:
    number, code = _street(town)
    return _rename(town, number), correct(code, town.draft())


def street_renamed_and_linked(town: Town) -> tuple[Step, Step]:
    number, _ = _street(town)
    (code,) = town.enter()
    return _rename(town, number), _link(code, number)


def street_read_and_unlinked(town: Town) -> tuple[Step, Step]:
    number, _ = _street(town)
    (code,) = town.enter()
    with town.database.session() as session:
        _link(code, number)(session)

    def read_aloud(session: Session) -> None:
        toned = get_record(session, number).pinyin
        placenames.set_reading(session, number, toned, source="示例地名办", actor=ME)

    return read_aloud, lambda s: linking.unassign_place(s, code, number, ME)


def namesakes_merged_both_ways(town: Town) -> tuple[Step, Step]:
    one, other = _namesakes(town)
    return _merge_places(one, other), _merge_places(other, one)


def namesake_merged_and_renamed(town: Town) -> tuple[Step, Step]:
    one, other = _namesakes(town)
    return _merge_places(one, other), _rename(town, other)


def building_entered_and_rooms_merged(town: Town) -> tuple[Step, Step]:
    building, rooms = _rooms(town)
    draft = make_draft(town.place, elements=building)
    return lambda s: addresses.enter_addresses(s, [draft], ME), merge(rooms[:1], rooms[1])


def door_corrected_around_rooms_that_merge_into_it(town: Town) -> tuple[Step, Step]:
    building, rooms = _rooms(town)
    (whole,) = town.enter()
    draft = make_draft(town.place, elements=building)
    return correct(whole, draft), merge(rooms, whole)


def links_checked_and_entries_merged(town: Town) -> tuple[Step, Step]:
    entries = [_entry(town), _entry(town)]
    gone, kept = (entry.id for entry in entries)
    with town.database.session() as session:
        load_catalogue(session, entries, [], ME)
        village = entries[0].place.standard_name
        drafts = [
            make_draft(town.place, elements=make_elements(str(number), natural_village=village))
            for number in (next(town.numbers), next(town.numbers))
        ]
        addresses.enter_addresses(session, drafts, ME)
    return (
        lambda s: linking.link_places(s, ME),
        lambda s: merge_entries(s, gone, kept, reason="同一地", actor=ME),
    )


def _rename(town: Town, number: str) -> Step:
    name = town.name("街")
    return lambda s: rename_place(s, number, name, NOTICE, ME)


def _link(code: str, number: str) -> Step:
    return lambda s: linking.assign_place(
        s, code, number, kind="historical", reason="旧址", actor=ME
    )


def _merge_places(here: str, there: str) -> Step:
    return lambda s: merge_places(s, here, there, ME, reason="实地核查")


def _street(town: Town) -> tuple[str, str]:
    """The number of a street that nobody else has, and the code of its first door."""
    street = town.name("街")
    drafts = [
        make_draft(town.place, elements=make_elements(number, thoroughfare=street))
        for number in ("1", "2")
    ]
    with town.database.session() as session:
        code, _ = map(str, addresses.enter_addresses(session, drafts, ME))
        return _place_of(session, code), code


def _namesakes(town: Town) -> tuple[str, str]:
    """The numbers of two streets of one name, in two towns."""
    street, names = town.name("路"), {one.code: one.name for one in TOWNSHIPS}
    drafts = []
    with town.database.session() as session:
        for number, code in enumerate((LAKE, FIELD), start=1):
            elements = make_elements(str(number), township=names[code], thoroughfare=street)
            division = get_division(session, code).id
            drafts.append(
                make_draft(town.place, elements=elements, division_id=division, division_code=code)
            )
        one, other = map(str, addresses.enter_addresses(session, drafts, ME))
        return _place_of(session, one), _place_of(session, other)


def _rooms(town: Town) -> tuple[Elements, list[str]]:
    """A building that is not entered, and two rooms in it that are, in order of code."""
    building = make_elements(str(next(town.numbers)), building=Numbered("2", "幢"))
    rooms = [building._replace(room=Numbered(number, "室")) for number in ("101", "102")]
    with town.database.session() as session:
        drafts = [make_draft(town.place, elements=one) for one in rooms]
        return building, sorted(map(str, addresses.enter_addresses(session, drafts, ME)))


def _entry(town: Town) -> CatalogueEntry:
    """An entry about a village of its own, with the number of its place as its id."""
    name = town.name("村")
    number = f"T-{next(town.numbers)}"
    place = place_of(number=number, standard_name=name, kind="village", division="330102001")
    return entry_of(place, id=number, heritage_class="village")


def _place_of(session: Session, code: str) -> str:
    """The number of the place that an address counts along."""
    place = get_address(session, code).place_id or 0
    return find_places(session, [place])[place].number
