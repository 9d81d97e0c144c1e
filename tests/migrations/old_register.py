"""Writes a register as the version before places did: keys hold names, nobody has a place."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

import orjson
from sqlalchemy import Connection, text

from address_model.codes import make_code
from address_model.elements import Elements, Numbered, standard_text
from address_model.gazetteer import load_gazetteer
from address_model.lifecycle import GONE
from address_model.parsing import parse
from address_model.places import fold_numbered, fold_village
from address_model.street_order import street_order

SECRET = b"k" * 32
GAZETTEER = load_gazetteer(())
_LETTERS = {"group": "g", "number": "n", "building": "b", "unit": "u", "floor": "f", "room": "r"}
_ADDRESS = text(
    "insert into address (code, county, division_id, standard_text, elements, street, street_order,"
    " level, status, geom) select :code, :county, id, :text, cast(:elements as jsonb), :street, "
    ":street_order, :level, :status, st_setsrid(st_makepoint(:lon, :lat), 4490) "
    "from division where code = :division and code_system = 'nbs'"
)
_NAME = text(
    "insert into address_name (key, code, kind, text, source, valid_to) "
    "values (:key, :code, :kind, :text, 'old', :valid_to)"
)


@dataclass
class OldAddress:
    """One address by its text; the other texts that lead to it are former ones or aliases."""

    text: str
    former: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    status: str = "active"
    point: tuple[float, float] | None = None
    code: str = field(default="", init=False)


def old_key(county: str, elements: Elements) -> str:
    """The key as that version made it, with the names of street, estate or village in it."""
    parts = [county]
    if elements.thoroughfare or elements.estate:
        parts += [f"s{elements.thoroughfare}" if elements.thoroughfare else ""]
        parts += [f"l{fold_numbered(lane)}" for lane in elements.lanes]
        parts += [f"e{elements.estate}" if elements.estate else ""]
    else:
        village = fold_village(elements.natural_village or elements.community)
        parts += [f"t{elements.township}" if elements.township else ""]
        parts += [f"v{village}" if village else ""]
        parts += [f"l{fold_numbered(lane)}" for lane in elements.lanes]
    for level, letter in _LETTERS.items():
        folded = fold_numbered(getattr(elements, level))
        parts += [f"{letter}{folded}" if folded else ""]
    return "|".join(part for part in parts if part)


def old_elements(elements: Elements) -> dict[str, object]:
    """Elements as that version stored them: the parts of a numbered element are a list."""

    def plain(value: object) -> object:
        if isinstance(value, Numbered):
            return [value.number, value.quantifier, value.prefix, value.suffix]
        return [plain(lane) for lane in value] if isinstance(value, tuple) else value

    return {name: plain(value) for name, value in elements._asdict().items() if value}


def read(text_: str) -> tuple[str, Elements]:
    """The 12-digit division of a text and its elements."""
    reading = parse(text_, GAZETTEER)
    assert len(reading.plates) == 1, text_
    return reading.division, reading.plates[0]


def write(connection: Connection, addresses: Iterable[OldAddress]) -> None:
    """Enter addresses by the old tables; each gets its code."""
    rows: list[dict[str, object]] = []
    names: list[dict[str, object]] = []
    for counter, one in enumerate(addresses):
        division, elements = read(one.text)
        county = division[:6]
        one.code = make_code(county, counter, SECRET).digits
        lon, lat = one.point or (None, None)
        rows.append(
            {
                "code": one.code,
                "county": county,
                "division": division,
                "text": standard_text(elements),
                "elements": orjson.dumps(old_elements(elements)).decode(),
                "street": elements.street,
                "street_order": street_order(division, elements),
                "level": "room" if elements.room else "number",
                "status": one.status,
                "lon": lon,
                "lat": lat,
            }
        )
        names += _names(one, county, elements)
    connection.execute(_ADDRESS, rows)
    connection.execute(_NAME, names)


def _names(one: OldAddress, county: str, elements: Elements) -> Iterator[dict[str, object]]:
    ended = one.status in GONE
    own = "former" if ended else "standard"
    until = date(2026, 1, 1)
    yield {
        "key": old_key(county, elements),
        "code": one.code,
        "kind": own,
        "text": standard_text(elements),
        "valid_to": until if ended else None,
    }
    for former in one.former:
        yield {
            "key": old_key(county, read(former)[1]),
            "code": one.code,
            "kind": "former",
            "text": former,
            "valid_to": until,
        }
    for alias in one.aliases:
        key = f"{county}|x{alias}"
        yield {"key": key, "code": one.code, "kind": "alias", "text": alias, "valid_to": None}
