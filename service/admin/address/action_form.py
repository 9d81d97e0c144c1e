"""The forms of an address: their fields, and an action about to be done with one."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from address_model.room_grid import GridText, expand_grid
from address_model.written_ranges import UnclearRange
from service.addresses.cited_document import CitedDocument
from service.addresses.queries import AddressRow, hold_addresses
from service.admin.address.field_reader import Refused, read_day
from service.audit.policies import require_seen
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.core.database import LARGEST_NUMBER, Database
from service.core.web import WriteSession

WRITE = Permission.ADDRESSES_WRITE
READ = Permission.ADDRESSES_READ


class ActionForm(BaseModel):
    """The fields of all forms of an address, as typed; ``seen`` is the version that was read.

    ``step`` "look" asks what would follow, without doing it. ``versions`` are those of the other
    addresses that the look showed: 16 digits and the version, divided by colons and commas.
    ``cells`` are the ticked ones of a building that was listed; what was unticked is kept as
    ``left_out``, divided by blanks. ``listed`` is what the list was made from. ``report`` is the
    number of the resident's report for whose sake it is done.
    """

    seen: int = Field(ge=1, le=LARGEST_NUMBER)
    step: str = ""
    text: str = Field("", max_length=300)
    lon: str = Field("", max_length=40)
    lat: str = Field("", max_length=40)
    crs: str = Field("4490", max_length=10)
    reason: str = Field("", max_length=200)
    report: str = Field("", max_length=20)
    document: str = Field("", max_length=200)
    dated: str = Field("", max_length=20)
    ending: str = Field("", max_length=20)
    other: str = Field("", max_length=300)
    parts: str = Field("", max_length=6000)
    heir: str = Field("", max_length=2)
    numbers: str = Field("", max_length=12_000)
    versions: str = Field("", max_length=20_000)
    kind: str = Field("alias", max_length=20)
    source: str = Field("", max_length=200)
    since: str = Field("", max_length=20)
    until: str = Field("", max_length=20)
    scheme: str = Field("", max_length=60)
    value: str = Field("", max_length=120)
    spot: str = Field("", max_length=60)
    label: str = Field("", max_length=40)
    accuracy: str = Field("", max_length=1)
    buildings: str = Field("", max_length=300)
    units: str = Field("", max_length=300)
    floors: str = Field("", max_length=300)
    rooms: str = Field("", max_length=3000)
    names_floors: str = Field("", max_length=2)
    listed: str = Field("", max_length=5000)
    cells: list[Annotated[str, Field(max_length=80)]] = Field(default_factory=list, max_length=2000)
    left_out: str = Field("", max_length=60_000)

    @model_validator(mode="after")
    def note_left_out(self) -> Self:
        """Keep what was unticked, which is less than what was ticked."""
        with suppress(UnclearRange):
            if self.listed == self.grid_source:
                ticked = set(self.cells)
                cells = expand_grid(self.grid_text)
                self.left_out = " ".join(one.text for one in cells if one.text not in ticked)
        return self

    @property
    def grid_text(self) -> GridText:
        """The building that was typed."""
        names = bool(self.names_floors)
        return GridText(self.buildings, self.units, self.floors, self.rooms, names)

    @property
    def grid_source(self) -> str:
        """All that a list of rooms is made from, in one line."""
        typed = (self.buildings, self.units, self.floors, self.rooms, self.names_floors)
        return " / ".join("；".join(map(str.strip, one.splitlines())) for one in typed)

    @property
    def is_chosen(self) -> bool:
        """Whether the person has seen this list of rooms, and chosen from it."""
        return bool(self.left_out) or self.listed == self.grid_source


@dataclass(frozen=True, slots=True)
class Act:
    """An action about to be done: by whom, to which address, with which form."""

    session: WriteSession
    database: Database
    member: StaffMember
    address: AddressRow
    form: ActionForm

    def hold(self) -> None:
        """Lock the address for a command that asks for no version.

        Raises:
            Outdated: it was changed after the form was opened.
        """
        (held,) = hold_addresses(self.session, self.address.code)
        require_seen(self.session, held.record, self.form.seen)

    @property
    def reason(self) -> str:
        """The reason, which must be given.

        Raises:
            Refused: it is empty.
        """
        if not self.form.reason.strip():
            raise Refused("reason", "请填写事由，会写进沿革，查到这个编码的人也能看到。")
        return self.form.reason.strip()

    @property
    def document(self) -> CitedDocument:
        """The document the action rests on.

        Raises:
            Refused: the day cannot be read, or stands without a document.
        """
        title, dated = self.form.document.strip(), read_day("dated", self.form.dated)
        if dated and not title:
            raise Refused("document", "填了日期，请写明是哪份文件。")
        return CitedDocument(title, dated)


@dataclass(frozen=True, slots=True)
class ActionKind:
    """One action: its title, the field its faults stand at, and what it does.

    ``looks`` says that the page shows what would follow before it can be done; ``touches`` that
    something else than the address may change, ``counts`` that a second person agrees where it
    touches many; one that is not ``is_listed`` is opened from what it
    is about. ``perform`` returns the changed addresses as they
    were; of one that ``adds``, the new ones, which alone count.
    """

    name: str
    title: str
    field: str
    perform: Callable[[Act], Sequence[AddressRow]]
    looks: bool = False
    counts: bool = False
    is_listed: bool = True
    is_grave: bool = False
    touches: bool = True
    adds: bool = False
