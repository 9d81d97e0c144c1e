"""Every address of a register made before hangs on its place, and its names have new keys.

The rules are those of an import (``address_model.namesakes``), but nothing waits: what an import
would ask is taken for one place, because the register held it as one. Where two doors would meet
under one key, the doors of one of the two gates (or townships) get a place of their own.
``menpai placenames suspects`` lists the doors that a person should look at afterwards.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic import op
from psycopg import Connection

from address_model.coordinates import Point
from address_model.division_codes import township_code
from address_model.elements import Elements, Numbered, elements_from_plain
from address_model.name_terms import VILLAGE, split_name
from address_model.namesakes import Doors, Outcome, Township, WantedPlace, judge_name
from address_model.pinyin import plain_pinyin, read_name
from address_model.places import (
    FIELDS,
    SETTLEMENTS,
    Counting,
    PlaceKind,
    address_key,
    class_of,
    counting_of,
    division_key,
    fold_numbered,
    fold_place,
    fold_village,
    local_key,
    second_counting_of,
)
from service.core.faults import EnvironmentFault

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ENDED = ("replaced", "retired", "invalid")
PLACE = (
    "copy place_name (number, standard_name, specific, generic, kind, pinyin, pinyin_plain, "
    "pinyin_source, needs_review, kind_source, division_id, county, source) from stdin"
)
TOWNSHIP = "copy place_township (place_id, county, kind, folded, township, qualifier) from stdin"
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


class Keys(NamedTuple):
    """The keys of an address's current text: along its place and, for few, along a second one."""

    key: str
    second: str
    text: str
    source: str


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
    apart: dict[str, int] = field(default_factory=dict)
    """Addresses whose doors got a place of their own, by code."""

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

    def place_of(self, code: str, counting: Counting) -> int:
        """The place along which an address of the register counts."""
        if code in self.apart:
            return self.apart[code]
        return self.find(counting, self.addresses[code].township)

    def named_in(self, text: str, code: str) -> str:
        """The township that a text names, else that of its address."""
        named = (township for township, name in self.townships.items() if name in text)
        return next(named, self.addresses[code].township)

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
            WantedPlace(kind, Township(code, self.townships.get(code, "")), qualifier, stands)
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
        part_doors(county)
        names = driver.execute(NAMES, (code,)).fetchall()
        for _, key, of, kind, stands, text, _ in names:
            former = None if kind == "standard" and stands else read_old_key(key)
            counting = counting_of(former) if former else None
            if counting is not None:
                county.find(counting, county.named_in(text, of))
        write_places(driver, county)
        keys = write_names(driver, county, names)
        write_addresses(driver, county, keys)
    connection.execute(
        sa.text(
            "delete from address_place_name l using address a where a.code = l.code "
            "and l.how = 'rule' and l.place_name_id in (a.place_id, a.second_place_id)"
        )
    )


def downgrade() -> None:
    """Keys of the version before are made again; places stay as names of the register.

    Raises:
        EnvironmentFault: two addresses would have one key, which that version cannot hold.
    """
    driver = op.get_bind().connection.driver_connection
    assert isinstance(driver, Connection)  # noqa: S101 - the only driver we install
    rows = driver.execute(
        "select n.ctid, a.county, a.elements, n.key, n.kind = 'standard' and n.valid_to is null, "
        "coalesce(p.kind, ''), coalesce(p.standard_name, '') from address_name n "
        "join address a on a.code = n.code left join place_name p "
        "on p.id::text = split_part(n.key, '|', 2) and p.county = split_part(n.key, '|', 1) "
        "where n.kind <> 'second' and substr(n.key, 8, 1) <> 'x'"
    )
    driver.execute("create temporary table former_key (at tid, key text, stands bool)")
    with driver.cursor() as cursor, cursor.copy("copy former_key from stdin") as copy:
        for at, county, plain, key, is_own, kind, name in rows.fetchall():
            elements = elements_from_plain(plain)
            if not is_own:
                elements = read_new_key(key, kind, name, elements)
            copy.write_row((at, old_key(county, elements), is_own))
    twice = driver.execute(
        "select key from former_key where stands group by key having count(*) > 1 limit 1"
    ).fetchone()
    if twice:
        raise EnvironmentFault(
            f"two houses would have the key {twice[0]}, which the version before holds as one",
            hint="keep this version, or restore a backup that the version before has written",
        )
    driver.execute("delete from address_name where kind = 'second'")
    driver.execute("update address_name n set key = f.key from former_key f where n.ctid = f.at")
    driver.execute("drop table former_key")
    driver.execute("update address set place_id = null, second_place_id = null")
    for table in ("import_waiting", "place_decision", "place_township", "place_space"):
        driver.execute(f"delete from {table}")
    driver.execute("update place_name set county = '', continues_id = null")
    driver.execute(
        "delete from place_name p where number ~ '^[0-9]{6}-[0-9]{6}$' and not exists "
        "(select 1 from heritage_entry h where h.place_name_id = p.id)"
    )
    driver.execute(
        "delete from address_place_name l where not exists "
        "(select 1 from place_name p where p.id = l.place_name_id)"
    )


def countings(elements: Elements) -> list[Counting]:
    """The places of an address: the one it counts along and, for few, a second."""
    first, second = counting_of(elements), second_counting_of(elements)
    return [one for one in (first, second) if one is not None]


def read_county(driver: Connection, county: str) -> County:
    """The addresses of a county, and the names of its townships."""
    addresses = {}
    for code, division, plain, lon, lat, status in driver.execute(ADDRESSES, (county,)):
        elements = elements_from_plain(plain)
        township = township_code(division) or elements.township[:12]
        point = None if lon is None else Point(lon, lat)
        held = Held(township, elements, point, status not in ENDED)
        addresses[code] = held
    rows = driver.execute(
        "select code, name from division where starts_with(code, %s) and level = 4 "
        "and code_system = 'nbs' order by edition",
        (county,),
    )
    return County(county, addresses, dict(rows.fetchall()))


def part_doors(county: County) -> None:
    """Give doors that would have the key of another's a place of their own.

    The version before told the rooms of estates of one name apart by their gates, and the doors of
    villages and zones by their townships: all doors behind one gate stay together.
    """
    groups: dict[int, dict[str, dict[str, str]]] = {}
    for code, held in county.addresses.items():
        counting = counting_of(held.elements)
        if held.is_living and counting is not None:
            ref = county.find(counting, held.township)
            group = _gate_of(held.elements) if counting.kind is PlaceKind.ESTATE else held.township
            groups.setdefault(ref, {}).setdefault(group, {})[counting.local] = code
    for ref, parts in groups.items():
        taken: set[str] = set()
        for group, doors in sorted(parts.items(), key=lambda part: (not part[0], part[0])):
            if not taken & doors.keys():
                taken |= doors.keys()
                continue
            codes = list(doors.values())
            township = county.addresses[codes[0]].township
            told = county.townships.get(group, group) or codes[0]
            place = county.places[ref]
            apart = county.add(place.kind, place.name, township, told)
            county.apart |= dict.fromkeys(codes, apart)


def _gate_of(elements: Elements) -> str:
    """The gate of an estate as text: what the version before had in the key before its rooms."""
    numbers = (*elements.lanes, elements.group, elements.number)
    return elements.thoroughfare + "".join(fold_numbered(one) for one in numbers if one)


def write_places(driver: Connection, county: County) -> None:
    """Enter the places; a name of the register that lies there becomes its place."""
    unplaced = driver.execute(UNPLACED, (county.code,)).fetchall()
    divisions: dict[str, int] = dict(
        driver.execute(
            "select code, id from division where starts_with(code, %s) and code_system = 'nbs' "
            "order by edition",
            (county.code,),
        ).fetchall()
    )
    last = driver.execute(LAST_SERIAL, (f"^{county.code}-[0-9]{{6}}$",)).fetchone()
    first = (last[0] if last else 0) + 1
    fresh: dict[str, Made] = {}
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
            fresh[f"{county.code}-{serial:06d}"] = made
    around = divisions[county.code.ljust(12, "0")]
    with driver.cursor() as cursor, cursor.copy(PLACE) as copy:
        for number, made in fresh.items():
            township = next(iter(made.townships))
            lies_in = township if township.isdigit() else county.code.ljust(12, "0")
            values = _values(made, number, lies_in)
            division = divisions.get(township, around)
            copy.write_row((*values, "menpai", division, county.code, "register"))
    ids = driver.execute(
        "select number, id from place_name where county = %s", (county.code,)
    ).fetchall()
    for number, key in ids:
        if number in fresh:
            fresh[number].id = key
    lies: dict[tuple[str, str, str, str], int] = {}
    for made in county.places.values():
        for code, qualifier in made.townships.items():
            where = str(made.kind), fold_place(made.kind, made.name), code, qualifier
            lies.setdefault(where, made.id)
    with driver.cursor() as cursor, cursor.copy(TOWNSHIP) as copy:
        for where, key in lies.items():
            copy.write_row((key, county.code, *where))
    driver.execute(
        "insert into place_space (county, counter) values (%s, %s)",
        (county.code, first + len(county.places) - 1),
    )


def write_names(driver: Connection, county: County, rows: Sequence[Any]) -> dict[str, Keys]:
    """Give every name its key along its place, and enter the second names; return the keys."""
    own: dict[str, Keys] = {}
    seen: set[tuple[str, str, str, str]] = set()
    driver.execute("create temporary table renamed (at tid, key text)")
    with driver.cursor() as cursor, cursor.copy("copy renamed from stdin") as copy:
        for at, key, code, kind, stands, text, source in rows:
            held = county.addresses[code]
            if kind == "standard" and stands:
                own[code] = keys_of(county, code, held, text, source)
                new = own[code].key
            else:
                elements = read_old_key(key)
                township = county.named_in(text, code)
                new = key if elements is None else key_of(county, elements, code, township)
            name = (new, code, kind, "" if kind == "standard" else text)
            copy.write_row((at, None if name in seen else new))
            seen.add(name)
    driver.execute(
        "delete from address_name n using renamed r where n.ctid = r.at and r.key is null"
    )
    driver.execute("update address_name n set key = r.key from renamed r where n.ctid = r.at")
    driver.execute("drop table renamed")
    columns = "key, code, kind, text, source"
    with (
        driver.cursor() as cursor,
        cursor.copy(f"copy address_name ({columns}) from stdin") as copy,
    ):
        for code, keys in own.items():
            if keys.second:
                copy.write_row((keys.second, code, "second", keys.text, keys.source))
    return own


def write_addresses(driver: Connection, county: County, own: dict[str, Keys]) -> None:
    """Let the addresses hang on their places, and lie in what they lie in."""
    living = [code for code in own if county.addresses[code].is_living]
    holders = {keys.second: code for code, keys in own.items() if keys.second}
    holders |= {own[code].key: code for code in living}
    driver.execute(
        "create temporary table placed (code text, place_id int, second_place_id int, parent text)"
    )
    with driver.cursor() as cursor, cursor.copy("copy placed from stdin") as copy:
        for code, held in county.addresses.items():
            found = countings(held.elements)
            refs = [county.place_of(code, one) for one in found[:1]]
            refs += [county.find(one, held.township) for one in found[1:]]
            ids = [county.places[ref].id for ref in refs]
            above = keys_above(own[code].key) if code in own else ()
            parent = next((holders[key] for key in above if holders.get(key, code) != code), None)
            copy.write_row((code, *(*ids, None, None)[:2], parent))
    driver.execute(
        "update address a set place_id = p.place_id, second_place_id = p.second_place_id, "
        "parent_code = coalesce(a.parent_code, p.parent) from placed p where p.code = a.code"
    )
    driver.execute("drop table placed")


def keys_of(county: County, code: str, held: Held, text: str, source: str) -> Keys:
    """The keys of an address's current text."""
    found = countings(held.elements)
    if not found:
        return Keys(key_of(county, held.elements, code, held.township), "", text, source)
    keys = [key_along(county, county.place_of(code, found[0]), found[0])]
    keys += [key_along(county, county.find(one, held.township), one) for one in found[1:]]
    return Keys(keys[0], "".join(keys[1:]), text, source)


def keys_above(key: str) -> Iterator[str]:
    """The keys of what an address lies in, nearest first: of an estate's parts down to itself."""
    county, place, *local = key.split("|")
    while len(local) > 1:
        local.pop()
        yield "|".join((county, place, *local))
    if local and local[0].startswith(("b", "u", "f", "r")):
        yield f"{county}|{place}|"


def key_along(county: County, ref: int, counting: Counting) -> str:
    """The key along a place of the county."""
    return address_key(county.code, str(county.places[ref].id), counting.local)


def key_of(county: County, elements: Elements, code: str, township: str) -> str:
    """The key of a text that an address had, in a township."""
    counting = counting_of(elements)
    if counting is None:
        return address_key(county.code, division_key(county.code, township), local_key(elements))
    ref = county.find(counting, township)
    apart = county.apart.get(code)
    if apart is not None:
        here, there = county.places[ref], county.places[apart]
        if (here.kind, here.name) == (there.kind, there.name):
            ref = apart
    return key_along(county, ref, counting)


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


def read_new_key(key: str, kind: str, name: str, held: Elements) -> Elements:
    """The elements of a former text by its key and place; its gate is that of its address."""
    county, _, local = key.split("|", 2)
    elements = read_old_key(f"{county}|{local}")
    if elements is None:
        return held
    if kind == PlaceKind.ESTATE and held.estate == name and not elements.number:
        elements = elements._replace(thoroughfare=held.thoroughfare, number=held.number)
    if kind in FIELDS:
        elements = elements._replace(**{FIELDS[PlaceKind(kind)]: name})
    return elements._replace(township=held.township)


def old_key(county: str, elements: Elements) -> str:
    """The key of the version before: the names themselves in place of the place."""
    if elements.thoroughfare or elements.estate:
        names = [f"s{elements.thoroughfare}"] if elements.thoroughfare else []
        names += [f"l{fold_numbered(lane)}" for lane in elements.lanes]
        names += [f"e{elements.estate}"] if elements.estate else []
        elements = elements._replace(lanes=())
    else:
        village = fold_village(elements.natural_village or elements.community)
        names = [f"t{elements.township}"] if elements.township else []
        names += [f"v{village}"] if village else []
    return "|".join(part for part in (county, *names, local_key(elements)) if part)


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
