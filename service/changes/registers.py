"""Maps a key of the feed to table rows: the record's own row, and its dependent rows."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.changes.events import Subject


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table: their key, and the condition for ``:keys``, as SQL over ``r``."""

    table: str
    key: str
    of: str


@dataclass(frozen=True, slots=True)
class Register:
    """A kind of record; the first of its tables has one row per record, with its version.

    ``division`` is its division (12 digits), as SQL over that row; ``present`` selects the current
    row if former ones have the same key.
    """

    tables: tuple[Rows, ...]
    division: str
    present: str = "true"

    @property
    def own(self) -> Rows:
        """The table with the version."""
        return self.tables[0]


def _by(column: str, *tables: str) -> tuple[Rows, ...]:
    """Tables with the key in a column."""
    return tuple(Rows(table, f"r.{column}", f"r.{column} = any(:keys)") for table in tables)


def _by_number(table: str, column: str = "id") -> Rows:
    """A table with the key, a number, in a column."""
    return Rows(table, f"r.{column}::text", f"r.{column} = any(cast(:keys as integer[]))")


def _of_place(table: str, column: str) -> Rows:
    """A table that refers to a place name by its id."""
    return Rows(
        table,
        f"(select number from place_name where id = r.{column})",  # noqa: S608 - our own constant
        f"r.{column} in (select id from place_name where number = any(:keys))",  # noqa: S608
    )


def _code_of(division_id: str) -> str:
    return f"(select d.code from division d where d.id = {division_id})"  # noqa: S608 - our own


_IN_ADDRESS = _code_of("r.division_id")
_IN_AREA = "(select d.code from area a join division d on d.id = a.division_id where a.id = {})"
_IN_PLACE = (
    "(select d.code from place_name p join division d on d.id = p.division_id where p.id = {})"
)
_OF_PLATE = (
    "(select d.code from address a join division d on d.id = a.division_id where a.code = {})"
)
_OF_CLAIM = "(select entry_id from heritage_claim where id = r.claim_id)"
_ADDRESS = _by(
    "code",
    "address",
    "address_name",
    "address_identifier",
    "address_position",
    "address_succession",
)
REGISTERS: Mapping[Subject, Register] = {
    Subject.DIVISION: Register(_by("code", "division", "division_imprint"), "r.code"),
    Subject.UNIT: Register(
        (
            *_by("number", "unit"),
            Rows(
                "post",
                "(select number from unit where id = r.unit_id)",
                "r.unit_id in (select id from unit where number = any(:keys))",
            ),
            Rows(
                "holding",
                "(select u.number from unit u join post p on p.unit_id = u.id "
                "where p.id = r.post_id)",
                "r.post_id in (select p.id from post p join unit u on u.id = p.unit_id "
                "where u.number = any(:keys))",
            ),
        ),
        "r.division",
    ),
    Subject.AREA: Register(
        (Rows("area", "r.kind || ':' || r.code", "r.kind || ':' || r.code = any(:keys)"),),
        _code_of("r.division_id"),
        present="r.succeeded_by is null",
    ),
    Subject.DUTY: Register((_by_number("duty"),), _IN_AREA.format("r.area_id")),
    Subject.PLACE_NAME: Register(
        (
            *_by("number", "place_name"),
            _of_place("place_name_form", "place_name_id"),
            _of_place("place_township", "place_id"),
        ),
        _code_of("r.division_id"),
    ),
    Subject.HERITAGE_ENTRY: Register(
        (
            *_by("id", "heritage_entry"),
            *_by("entry_id", "heritage_claim", "recognition", "heritage_relation", "media"),
            Rows("claim_citation", _OF_CLAIM, f"{_OF_CLAIM} = any(:keys)"),
        ),
        _IN_PLACE.format("r.place_name_id"),
    ),
    Subject.ADDRESS: Register(_ADDRESS, _IN_ADDRESS),
    Subject.ADDRESS_AREA: Register((_ADDRESS[0], *_by("code", "address_area")), _IN_ADDRESS),
    Subject.ADDRESS_PLACE_NAME: Register(
        (_ADDRESS[0], *_by("code", "address_place_name")), _IN_ADDRESS
    ),
    Subject.PLATE: Register(
        _by("token", "plate", "plate_event", "check_in_review"),
        f"coalesce({_OF_PLATE.format('r.code')}, rpad(r.county, 12, '0'))",
    ),
    Subject.BATCH: Register(
        (_by_number("plate_batch"), _by_number("plate_batch_item", "batch_id")),
        "case r.division when '' then '' else rpad(r.division, 12, '0') end",
    ),
    Subject.WORK_ITEM: Register((_by_number("work_item"),), "r.division"),
    Subject.SERVICE_ITEM: Register((_by_number("service_item"),), "r.division"),
    Subject.FACILITY: Register((_by_number("facility"),), _OF_PLATE.format("r.code")),
    Subject.DATASET: Register((_by_number("dataset"),), "r.division"),
    Subject.DATASET_ROW: Register((_ADDRESS[0], *_by("code", "dataset_row")), _IN_ADDRESS),
}
"""The registers by subject; links are subjects of their own, with the version of their address."""
