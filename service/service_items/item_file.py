"""Reads service items from a TOML file of ``[[service]]`` tables."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from service.core.errors import BadRequest
from service.service_items.draft import ServiceDraft

_FIELDS = frozenset({"name", "name_en", "url", "office", "hours", "phone"})


@dataclass(frozen=True, slots=True)
class ListedService:
    """A service of a file; ``division`` has 12 digits, "" is everywhere."""

    division: str
    draft: ServiceDraft


def read_services(file: Path, *, is_sample: bool = False) -> list[ListedService]:
    """The services of a file in its order, which becomes their rank.

    Each has texts: ``name``, ``url`` or ``phone``, and if wanted ``name_en``, ``office``,
    ``hours``, and ``division``, the first digits of a division code.

    Raises:
        BadRequest: it is no such file, or an entry is invalid, which the error names.
    """
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8")).get("service", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadRequest(f"the services file {file} cannot be read: {error}") from error
    found = []
    for number, table in enumerate(tables, 1):
        fields = {key: value for key, value in table.items() if isinstance(value, str)}
        division = fields.pop("division", "")
        unknown = sorted(table.keys() - _FIELDS - {"division"})
        if unknown or len(table) != len(fields) + ("division" in table):
            raise BadRequest(
                f"service {number} of {file} has a field that is not known or no text: "
                f"{', '.join(unknown)}",
                hint="write name, url, name_en, office, hours, phone and division",
            )
        if division and not (division.isdigit() and len(division) in (2, 4, 6, 9, 12)):
            raise BadRequest(
                f"service {number} of {file}: {division!r} is not the beginning of a division code",
                hint="write 2, 4, 6, 9 or 12 digits",
            )
        texts = {name: fields.get(name, "").strip() for name in _FIELDS}
        draft = ServiceDraft(
            name=texts["name"],
            name_en=texts["name_en"],
            office=texts["office"],
            hours=texts["hours"],
            phone=texts["phone"],
            link=texts["url"],
            rank=min(number * 10, 999),
            is_sample=is_sample,
        )
        found.append(ListedService(division.ljust(12, "0") if division else "", draft))
    return found
