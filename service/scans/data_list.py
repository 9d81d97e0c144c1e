"""The data of an address (数据集) as rows: what departments have on record there, whose, and as of
which day."""

from itertools import groupby

from service.core.html import Html, joined
from service.core.words import Language
from service.datasets.register import ShownField
from service.scans.reader import Reader
from service.scans.site import Site
from service.scans.templates import EMPTY, parts_of

MOST_FIELDS = 12
"""At most this many values are on a page; a page of the catalogue has the rest."""


def data_list(shown: tuple[ShownField, ...], site: Site, reader: Reader) -> Html:
    """Render values in the given order, those of one dataset together; empty without any."""
    page, is_chinese = parts_of(site, reader), reader.language is Language.ZH
    parts, name_of, sets = page.parts, page.parts["name"], []
    for _, some in groupby(shown[:MOST_FIELDS], key=lambda one: one.dataset):
        fields = list(some)
        rows = []
        for one in fields:
            label = name_of(one.label) if is_chinese or not one.label_en else one.label_en
            told = joined(parts["plain"](label), parts["plain"](f" {one.source_id}".rstrip()))
            rows.append(parts["data_row"](told, one.value))
        first, day = fields[0], page.words.day(max(one.fresh_as_of for one in fields))
        source = parts["data_source"](first.owner, day)
        if first.link:
            source = joined(source, parts["data_link"](first.link))
        sets.append(parts["data_set"](joined(*rows), source))
    return parts["data"](joined(*sets)) if sets else EMPTY
