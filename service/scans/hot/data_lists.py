"""The data of addresses as rendered for pages, kept by what the rows say: many doors of a street
have the same year, floors and use."""

from collections.abc import Collection, Sequence

import orjson

from address_model.datasets.fields import THE_PUBLIC
from service.core.clock import day_of
from service.datasets.register import DatasetRegister, StoredRow
from service.scans.hot.fragments import Fragments
from service.service_items.links import CODE

_MOST_KEPT = 10_000


class DataLists:
    """The rendered data of one day's datasets."""

    def __init__(self, register: DatasetRegister) -> None:
        self._register = register
        self._kept: dict[tuple[object, ...], bytes] = {}

    def of(
        self,
        code: str,
        rows: Sequence[StoredRow],
        fragments: Fragments,
        code_hosts: Collection[str],
    ) -> bytes:
        """What the public is shown at an address, as UTF-8; empty if nothing.

        It is rendered for ``CODE`` in place of the address's own code, which only links tell.
        """
        if not rows:
            return b""
        anywhere = [_at_any_door(row, code) for row in rows]
        key = tuple((*row[:3], orjson.dumps(row.data), day_of(row.updated_at)) for row in anywhere)
        kept = self._kept.get(key)
        if kept is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            shown = self._register.show(CODE, anywhere, THE_PUBLIC, code_hosts)
            kept = self._kept[key] = fragments.data(shown)
        return kept.replace(CODE.encode(), code.encode())


def _at_any_door(row: StoredRow, code: str) -> StoredRow:
    """The row with ``CODE`` for its own code, and for a source id that is but the code."""
    if row.code != code:
        return row
    return row._replace(code=CODE, source_id=CODE if row.source_id == code else row.source_id)
