"""The datasets of one day in memory, and what their rows show to whom."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from address_model.datasets.fields import DatasetField, FieldReader
from address_model.datasets.values import show_value
from service.core.clock import day_of
from service.service_items.links import find_link


@dataclass(frozen=True, slots=True)
class ShownField:
    """One value at an address; ``fresh_as_of`` is the day when its row last changed.

    ``link`` is the page of its owner for this address, "" for none; ``name`` the name of the field
    for programs, ``source_id`` tells several rows of a dataset apart.
    """

    dataset: int
    dataset_name: str
    owner: str
    name: str
    label: str
    label_en: str
    value: str
    link: str
    fresh_as_of: date
    source_id: str = ""
    is_public: bool = True
    is_sample: bool = False

    @classmethod
    def of(
        cls, dataset: "KnownDataset", field: DatasetField, row: "StoredRow", value: str, link: str
    ) -> "ShownField":
        """From a field of a row, with its value in words."""
        return cls(
            dataset=dataset.number,
            dataset_name=dataset.name,
            owner=dataset.owner,
            name=field.name,
            label=field.label,
            label_en=field.label_en,
            value=value,
            link=link,
            fresh_as_of=day_of(row.updated_at),
            source_id="" if row.source_id == row.code else row.source_id,
            is_public=field.is_public,
            is_sample=dataset.is_sample,
        )


@dataclass(frozen=True, slots=True)
class KnownDataset:
    """An approved dataset, as far as showing its rows needs it."""

    number: int
    name: str
    owner: str
    fields: tuple[DatasetField, ...]
    link: str = ""
    retention_days: int | None = None
    is_sample: bool = False


class StoredRow(NamedTuple):
    """A row as stored; ``code`` is its own, perhaps one that the asked address has succeeded."""

    dataset: int
    code: str
    source_id: str
    data: Mapping[str, object]
    updated_at: datetime


class DatasetRegister:
    """The datasets that are shown on one day, by number."""

    def __init__(self, datasets: Iterable[KnownDataset], day: date) -> None:
        self._known = {one.number: one for one in datasets}
        self._day = day

    def __bool__(self) -> bool:
        return bool(self._known)

    @property
    def has_public(self) -> bool:
        """Whether any of them shows something to everybody."""
        return any(field.is_public for one in self._known.values() for field in one.fields)

    def show(
        self,
        code: str,
        rows: Iterable[StoredRow],
        reader: FieldReader,
        code_hosts: Collection[str] = (),
    ) -> tuple[ShownField, ...]:
        """What a reader is shown of the rows of an address, in order of dataset, row and field.

        Rows of a code that the address has succeeded count as long as it has none of its own in
        the dataset, and if they all come from one. ``code_hosts`` may be given the code in links.
        """
        held: dict[int, list[StoredRow]] = {}
        for row in rows:
            known = self._known.get(row.dataset)
            kept = known.retention_days if known else 0
            # the run that destroys older rows may still be to come
            if known and (kept is None or (self._day - day_of(row.updated_at)).days <= kept):
                held.setdefault(row.dataset, []).append(row)
        shown: list[ShownField] = []
        for number in sorted(held):
            own = [row for row in held[number] if row.code == code]
            some = own or held[number]
            if len({row.code for row in some}) > 1:
                continue
            dataset = self._known[number]
            seen = [field for field in dataset.fields if reader.sees(field)]
            link = find_link(dataset.link, code, code_hosts) if seen else ""
            # a row without an id of its own, which has the code for it, comes first at any address
            for row in sorted(some, key=lambda one: (one.source_id != one.code, one.source_id)):
                shown += [
                    ShownField.of(dataset, field, row, value, link)
                    for field in seen
                    if (value := show_value(field, row.data.get(field.name, "")))
                ]
        return tuple(shown)
