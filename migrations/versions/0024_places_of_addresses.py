"""Every address of a register made before hangs on its place, and its names have new keys.

The rules are those of an import (``address_model.namesakes``), but nothing waits: what an import
would ask is taken for one place, because the register held it as one. Estates of one name whose
rooms would meet are told apart by the road of their gates. ``menpai placenames suspects`` lists
the doors that a person should look at afterwards.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic import op
from psycopg import Connection

from address_model.coordinates import Point
from address_model.elements import Elements, Numbered
from address_model.name_terms import VILLAGE, split_name
from address_model.namesakes import Doors, Outcome, Township, Wanted, judge_name
from address_model.pinyin import plain_pinyin, read_name
from address_model.places import (
    SETTLEMENTS,
    Counting,
    PlaceKind,
    address_key,
    class_of,
    counting_of,
    fold_place,
    local_key,
    second_counting_of,
)
from address_model.serialising import elements_from_plain

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ENDED = ("replaced", "retired", "invalid")
PLACE = (
    "insert into place_name (number, standard_name, specific, generic, kind, kind_source, pinyin, "
    "pinyin_plain, pinyin_source, needs_review, division_id, county, source) "
    "values (%s, %s, %s, %s, %s, 'menpai', %s, %s, %s, %s, %s, %s, 'register') returning id"
)
TOWNSHIP = (
    "insert into place_township (place_id, county, kind, folded, township, qualifier) "
    "values (%s, %s, %s, %s, %s, %s) on conflict do nothing"
)
LAST_SERIAL = "select coalesce(max(right(number, 6)::int), 0) from place_name where number ~ %s"
UNPLACED = (
    "select p.id, p.standard_name, p.kind, d.code from place_name p "
    "join division d on d.id = p.division_id where p.status = 'current' and p.county = '' "
    "and p.kind in ('street', 'estate', 'village', 'community', 'zone') "
    "and starts_with(d.code, %s)"
)
ADDRESSES = (
    "select a.code, d.code, a.elements, ST_X(a.geom), ST_Y(a.geom), a.status from address a "
    "join division d on d.id = a.division_id where a.county = %s order by a.code"
)
NAMES = (
    "select n.ctid, n.key, n.code, n.kind, n.valid_to is null, n.text, n.source "
    "from address_name n join address a on a.code = n.code where a.county = %s "
    "order by n.code, n.valid_to desc"
)
Slot = tuple[str, str, str]
"""Class of names, folded name, township (12 digits or empty)."""


class Held(NamedTuple):
    """An address of the register."""

    township: str
    elements: Elements
    point: Point | None
    is_living: bool


@dataclass
class Made:
    """A place that is being made."""

    kind: PlaceKind
    name: str
    townships: dict[str, str] = field(default_factory=dict)
    """Qualifiers by township."""
    id: int = 0


@dataclass
class County:
    """The addresses of one county and the places they count along."""

    code: str
    addresses: dict[str, Held]
    townships: dict[str, str]
    places: dict[int, Made] = field(default_factory=dict)
    refs: dict[tuple[Slot, str], int] = field(default_factory=dict)
    """The reference of a place by slot and qualifier."""

    def build(self) -> None:
        """Judge every name of the county."""
        doors: dict[tuple[str, str], dict[tuple[PlaceKind, str, str], Doors]] = {}
        names: dict[tuple[str, str], str] = {}
        for held in self.addresses.values():
            for counting in countings(held.elements):
                key = class_of(counting.kind), counting.folded
                slot = counting.kind, held.township, counting.qualifier
                stands = doors.setdefault(key, {}).setdefault(slot, Doors())
                names[key] = min(names.get(key, counting.name), counting.name)
                if held.is_living:
                    stands.add(counting.door, held.point)
        for key, slots in sorted(doors.items()):
            self._judge(key, names[key], slots)

    def find(self, counting: Counting, township: str) -> int:
        """The place of a name in a township; one that only a former text knows is made here."""
        key = class_of(counting.kind), counting.folded
        for qualifier in (counting.qualifier, ""):
            ref = self.refs.get(((*key, township), qualifier))
            if ref is not None:
                return ref
        others = {ref for (slot, _), ref in self.refs.items() if slot[:2] == key}
        here = {ref for ref in others if township in self.places[ref].townships}
        if len(here or others) == 1:
            return next(iter(here or others))
        return self.add(counting.kind, counting.name, township, counting.qualifier)

    def add(self, kind: PlaceKind, name: str, township: str, qualifier: str) -> int:
        """A new place."""
        ref = len(self.places)
        self.places[ref] = Made(kind, name, {township: qualifier})
        slot = class_of(kind), fold_place(kind, name), township
        self.refs[slot, qualifier] = ref
        return ref

    def _judge(
        self, key: tuple[str, str], name: str, slots: dict[tuple[PlaceKind, str, str], Doors]
    ) -> None:
        wants = [
            Wanted(kind, Township(code, self.townships.get(code, "")), qualifier, stands)
            for (kind, code, qualifier), stands in slots.items()
        ]
        fresh = iter(range(-1, -len(wants) - 2, -1))
        judged = judge_name(key[1], [], wants, lambda _: Doors(), lambda: next(fresh))
        refs: dict[int, int] = {}
        for (kind, code, qualifier), one in judged.items():
            if one.outcome is Outcome.NEW:
                refs[one.ref] = self.add(kind, name, code, qualifier)
        for (_, code, qualifier), one in judged.items():
            ref = refs.get(one.ref)
            if ref is None:  # several places, and no township: the first stands for them
                ref = next(iter(refs.values()))
            self.refs[(*key, code), qualifier] = ref
            if code:
                self.places[ref].townships.setdefault(code, qualifier)


def upgrade() -> None:
    connection = op.get_bind()
    driver = connection.connection.driver_connection
    assert isinstance(driver, Connection)  # noqa: S101 - the only driver we install
    counties = connection.execute(sa.text("select distinct county from address order by 1"))
    for code in counties.scalars().all():
        county = read_county(driver, code)
        county.build()
        told_apart = part_estates(county)
        names = driver.execute(NAMES, (code,)).fetchall()
        for _, key, of, kind, stands, *_ in names:
            former = None if kind == "standard" and stands else read_old_key(key)
            counting = counting_of(former) if former else None
            if counting is not None:
                county.find(counting, county.addresses[of].township)
        write_places(driver, county)
        write_addresses(driver, county, told_apart)
        write_names(driver, county, told_apart, names)
    connection.execute(
        sa.text(
            "delete from address_place_name l using address a where a.code = l.code "
            "and l.how = 'rule' and l.place_name_id in (a.place_id, a.second_place_id)"
        )
    )


def downgrade() -> None:
    """Keys of the version before are made again; places stay as names of the register."""
    driver = op.get_bind().connection.driver_connection
    assert isinstance(driver, Connection)  # noqa: S101 - the only driver we install
    rows = driver.execute(
        "select n.ctid, a.county, a.elements, n.kind from address_name n "
        "join address a on a.code = n.code where substr(n.key, 8, 1) <> 'x'"
    ).fetchall()
    driver.execute("delete from address_name where kind = 'second'")
    with driver.cursor() as cursor:
        cursor.executemany(
            "update address_name set key = %s where ctid = %s and kind <> 'second'",
            [(old_key(county, elements_from_plain(e)), at) for at, county, e, _ in rows],
        )
    driver.execute("update address set place_id = null, second_place_id = null")
    for table in ("import_waiting", "place_decision", "place_township", "place_space"):
        driver.execute(f"delete from {table}")
    driver.execute(
        "delete from place_name p where number ~ '^[0-9]{6}-[0-9]{6}$' and not exists "
        "(select 1 from heritage_entry h where h.place_name_id = p.id)"
    )
    driver.execute("update place_name set county = ''")


def countings(elements: Elements) -> list[Counting]:
    """The places of an address: the one it counts along and, for few, a second."""
    first, second = counting_of(elements), second_counting_of(elements)
    return [one for one in (first, second) if one is not None]


def read_county(driver: Connection, county: str) -> County:
    """The addresses of a county, and the names of its townships."""
    addresses = {}
    for code, division, plain, lon, lat, status in driver.execute(ADDRESSES, (county,)):
        township = division[:9].ljust(12, "0") if division[6:9] != "000" else ""
        point = None if lon is None else Point(lon, lat)
        held = Held(township, elements_from_plain(plain), point, status not in ENDED)
        addresses[code] = held
    rows = driver.execute(
        "select code, name from division where starts_with(code, %s) and level = 4 "
        "order by edition",
        (county,),
    )
    return County(county, addresses, dict(rows.fetchall()))


def part_estates(county: County) -> dict[str, int]:
    """Places of their own, by code, for rooms that would have the key of another's."""
    taken: dict[tuple[int, str], str] = {}
    apart: dict[tuple[int, str], int] = {}
    found: dict[str, int] = {}
    for code, held in county.addresses.items():
        counting = counting_of(held.elements)
        if not held.is_living or counting is None or counting.kind is not PlaceKind.ESTATE:
            continue
        ref = county.find(counting, held.township)
        if taken.setdefault((ref, counting.local), code) == code:
            continue
        road = held.elements.thoroughfare
        if (ref, road) not in apart:
            apart[ref, road] = county.add(counting.kind, counting.name, held.township, road or code)
        found[code] = apart[ref, road]
    return found


def write_places(driver: Connection, county: County) -> None:
    """Enter the places; a name of the register that lies there becomes its place."""
    unplaced = driver.execute(UNPLACED, (county.code,)).fetchall()
    divisions: dict[str, int] = dict(
        driver.execute(
            "select code, id from division where starts_with(code, %s) order by edition",
            (county.code,),
        ).fetchall()
    )
    last = driver.execute(LAST_SERIAL, (f"^{county.code}-[0-9]{{6}}$",)).fetchone()
    first = (last[0] if last else 0) + 1
    for serial, made in enumerate(county.places.values(), start=first):
        township = next(iter(made.townships))
        adopted = [row for row in unplaced if _is_of(row, made, township)]
        if len(adopted) == 1:
            made.id = adopted[0][0]
            unplaced.remove(adopted[0])
            driver.execute(
                "update place_name set county = %s where id = %s", (county.code, made.id)
            )
        else:
            division = township or county.code.ljust(12, "0")
            values = _values(made, f"{county.code}-{serial:06d}", division)
            row = driver.execute(PLACE, (*values, divisions[division], county.code)).fetchone()
            made.id = row[0] if row else 0
        folded = fold_place(made.kind, made.name)
        for code, qualifier in made.townships.items():
            driver.execute(TOWNSHIP, (made.id, county.code, made.kind, folded, code, qualifier))
    driver.execute(
        "insert into place_space (county, counter) values (%s, %s)",
        (county.code, first + len(county.places) - 1),
    )


def write_addresses(driver: Connection, county: County, apart: dict[str, int]) -> None:
    """Let the addresses hang on their places."""
    driver.execute("create temporary table placed (code text, place_id int, second_place_id int)")
    with driver.cursor() as cursor, cursor.copy("copy placed from stdin") as copy:
        for code, held in county.addresses.items():
            refs = [county.find(one, held.township) for one in countings(held.elements)]
            if code in apart:
                refs[0] = apart[code]
            ids = [county.places[ref].id for ref in refs]
            copy.write_row((code, *(*ids, None, None)[:2]))
    driver.execute(
        "update address a set place_id = p.place_id, second_place_id = p.second_place_id "
        "from placed p where p.code = a.code"
    )
    driver.execute("drop table placed")


def write_names(
    driver: Connection, county: County, apart: dict[str, int], rows: Sequence[Any]
) -> None:
    """Give every name its key along its place, and enter the second names."""
    changed: list[tuple[str, Any]] = []
    doubled: list[tuple[Any]] = []
    seconds: list[tuple[str, ...]] = []
    seen: set[tuple[str, str, str, str]] = set()
    for at, key, code, kind, stands, text, source in rows:
        held = county.addresses[code]
        is_own = kind == "standard" and stands
        elements = held.elements if is_own else read_old_key(key)
        new = key if elements is None else key_of(county, elements, held, apart.get(code))
        if (new, code, kind, "" if kind == "standard" else text) in seen:
            doubled.append((at,))
            continue
        seen.add((new, code, kind, "" if kind == "standard" else text))
        changed.append((new, at))
        second = second_counting_of(held.elements) if is_own else None
        if second is not None:
            place = county.places[county.find(second, held.township)].id
            led = address_key(county.code, str(place), second.local)
            seconds.append((led, code, "second", text, source))
    with driver.cursor() as cursor:
        cursor.executemany("delete from address_name where ctid = %s", doubled)
        cursor.executemany("update address_name set key = %s where ctid = %s", changed)
        with cursor.copy("copy address_name (key, code, kind, text, source) from stdin") as copy:
            for row in seconds:
                copy.write_row(row)


def key_of(county: County, elements: Elements, held: Held, apart: int | None) -> str:
    """The key of elements along a place of the county."""
    counting = counting_of(elements)
    if counting is None:
        division = held.township[:9] or county.code
        return address_key(county.code, f"d{division}", local_key(elements))
    ref = county.find(counting, held.township) if apart is None else apart
    return address_key(county.code, str(county.places[ref].id), counting.local)


def read_old_key(key: str) -> Elements | None:
    """The elements that a key of the version before holds; None for a text that is its own key."""
    values: dict[str, Any] = {"lanes": ()}
    names = {"s": "thoroughfare", "e": "estate", "v": "natural_village"}
    numbers = {"g": "group", "n": "number", "b": "building", "u": "unit", "f": "floor", "r": "room"}
    for part in key.split("|")[1:]:
        letter, text = part[:1], part[1:]
        if letter == "x":
            return None
        if letter == "l":
            values["lanes"] = (*values["lanes"], Numbered(text))
        elif letter in numbers:
            values[numbers[letter]] = Numbered(text)
        elif letter in names:
            values[names[letter]] = text
    return Elements(**values)


def old_key(county: str, elements: Elements) -> str:
    """The key of the version before: the names themselves in place of the place."""
    counting = counting_of(elements)
    local = local_key(elements)
    if elements.thoroughfare or elements.estate:
        names = [f"s{elements.thoroughfare}" if elements.thoroughfare else ""]
        names += [f"e{elements.estate}" if elements.estate else ""]
    else:
        names = [f"t{elements.township}", f"v{counting.folded}" if counting else ""]
    return "|".join(part for part in (county, *names, local) if part)


def _values(made: Made, number: str, division: str) -> Iterator[object]:
    terms = VILLAGE if made.kind in SETTLEMENTS else ""
    specific, generic = split_name(made.name, terms)
    read = read_name(made.name, division, terms)
    yield from (number, made.name, specific, generic, str(made.kind), read.toned)
    yield from (plain_pinyin(read.toned), read.source, read.needs_review)


def _is_of(row: Any, made: Made, township: str) -> bool:
    """Whether a name of the register is this place: its kind, name and whereabouts agree."""
    _, name, kind, division = row
    if name != made.name or class_of(kind) != class_of(made.kind):
        return False
    named = division[6:9] != "000"
    if not named or not township:
        return made.kind not in SETTLEMENTS
    return bool(division[:9] == township[:9])
