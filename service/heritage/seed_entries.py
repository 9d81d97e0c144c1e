"""Builds entries from the rows of the shipped catalogue; doubtful ones are marked, not dropped."""

import json
import re
from dataclasses import replace
from typing import Any

from address_model.heritage.ages import named_since, settled_since
from address_model.heritage.catalogue import (
    CatalogueEntry,
    NameForm,
    PlaceNameRecord,
    Relation,
)
from address_model.heritage.claims import Claim
from address_model.heritage.years import dynasty_of
from service.heritage.seed_lists import Lists
from service.placenames.pinyin_reading import with_reading

Row = dict[str, str]

SOURCE = "Zhejiang place-name heritage, compiled 2026-11"
_KINDS = {
    "ancient_county": "county", "ancient_county_candidate": "county",
    "ancient_town": "township", "ancient_town_candidate": "township",
    "ancient_city_pilot": "township",
    "ancient_village": "village", "ancient_village_candidate": "village",
    "traditional_village": "village", "historic_village": "village",
    "street_lane": "street", "bridge": "bridge", "city_gate": "gate", "area_name": "area",
    "mountain": "mountain", "water": "water", "temple": "temple", "tower": "tower",
    "memorial": "memorial",
}  # fmt: skip
_CLASS_NAMES = {
    "ancient_town": "千年古镇", "ancient_village": "千年古村落",
    "ancient_town_candidate": "古镇（暂未列入名录）",
    "ancient_village_candidate": "古村落（暂未列入名录）",
    "traditional_village": "传统村落", "historic_village": "历史文化名村",
    "street_lane": "历史街巷", "bridge": "古桥", "mountain": "山", "water": "河湖",
    "temple": "庙宇", "tower": "古塔", "memorial": "纪念地",
}  # fmt: skip
_CODES = {"county": "21400", "township": "21500", "village": "21610"}
_DIVISIONS = ("county", "township", "village")
_ALIASES = ("别名", "雅称", "俗称", "别称", "部分")
_RELATIONS = {"part of": "part_of", "contains": "contains", "neighbour": "adjacent"}
_DOUBTFUL = ("list_only", "mixed", "widely_known")


def entry_of_row(row: Row, lists: Lists, claims: tuple[Claim, ...]) -> CatalogueEntry:
    """An entry of the main catalogue."""
    listed = json.loads(row["former_names"] or "[]")
    forms = tuple(_form(item, text) for item in listed for text in str(item["name"]).split("/"))
    listings = lists.of_seed(row)
    relations = []
    for related in filter(None, row["related_places"].split(";")):
        name, _, kind = related.rstrip(")").partition("(")
        note = "" if kind in _RELATIONS else kind
        relations.append(Relation(_RELATIONS.get(kind, "related"), name, note=note))
    is_doubtful = (
        row["confidence"] in _DOUBTFUL
        or any(one.status == "reported" for one in listings)
        or all(one.is_weak for one in claims)
    )
    return CatalogueEntry(
        id=row["id"],
        place=_place(row, forms),
        heritage_class=row["heritage_class"],
        class_name=row["heritage_class_zh"],
        claims=claims,
        recognitions=listings,
        relations=tuple(relations),
        links=tuple(filter(None, row["linked_ids"].split(";"))),
        confidence=row["confidence"],
        review_state="doubtful" if is_doubtful else "imported",
        note=row["note"],
    )


def entry_of_list(row: Row, lists: Lists, claims: tuple[Claim, ...]) -> CatalogueEntry:
    """An entry known from published lists only."""
    listings = lists.of_listed(row)
    kind = _KINDS[row["heritage_class"]]
    found = row["division_found"]
    return CatalogueEntry(
        id=row["id"],
        place=_named(
            row,
            kind=kind,
            is_division=kind in _DIVISIONS and not found.endswith("only"),
            source="; ".join(filter(None, (row["listed_as"], row["coded_as"], SOURCE))),
        ),
        heritage_class=row["heritage_class"],
        class_name=_CLASS_NAMES[row["heritage_class"]],
        claims=claims,
        recognitions=listings,
        confidence="list_only",
        review_state="doubtful",
        note="" if found == "listed code" else f"区划: {found}",
    )


def with_summary(entry: CatalogueEntry) -> CatalogueEntry:
    """The entry with its summary, dispute and first story, derived from its accounts."""
    told = [one for one in entry.accounts if one.value]
    summary = told[0].value if told else ""
    rivals = [one.value for one in told[1:] if one.kind == "unsorted"]
    story = entry.story_zh or (summary.split("。", maxsplit=1)[0] + "。" if summary else "")
    return replace(
        entry,
        place=replace(entry.place, meaning=summary),
        summary=summary,
        dispute="\n".join(rivals),
        story_zh=story,
    )


def with_ages(entry: CatalogueEntry) -> CatalogueEntry:
    """The entry with its two ages and its dynasty, derived from its claims."""
    settled = settled_since(entry.attestations)
    named = named_since(entry.place.standard_name, entry.attestations, entry.place.forms)
    years = [one.year for one in entry.attestations if one.year is not None]
    return replace(
        entry,
        settlement_since=settled.year,
        settlement_precision=settled.precision,
        name_since=named.year,
        name_precision=named.precision,
        dynasty=dynasty_of(min(years)) if years else "",
    )


def _place(row: Row, forms: tuple[NameForm, ...]) -> PlaceNameRecord:
    kind = _KINDS[row["heritage_class"]]
    if kind == "area" and row["division_level"] == "township":
        kind = "township" if row["standard_name"].endswith(("街道", "镇")) else kind
    known = row["latitude"] and row["longitude"]
    return _named(
        row,
        kind=kind,
        kind_code=row["place_type_code"],
        is_division=kind in _DIVISIONS,
        geometry=_point(row) if known else "",
        precision=row["coord_precision"],
        precision_source="; ".join(filter(None, (row["coord_source"], row["coord_datum"]))),
        source=SOURCE,
        forms=forms,
    )


def _named(row: Row, *, kind: str, kind_code: str = "", **more: Any) -> PlaceNameRecord:
    code = kind_code or _CODES.get(kind, "")
    record = PlaceNameRecord(
        number=row["id"],
        standard_name=row["standard_name"],
        kind=kind,
        division=row["division_code"].ljust(12, "0"),
        kind_code=code,
        kind_source="GB/T 18521-2001" if code else "menpai",
        **more,
    )
    return with_reading(record, row.get("pinyin", ""), SOURCE)


def _point(row: Row) -> str:
    """The point as the database writes it: 120, not 120.0."""
    return f"POINT({float(row['longitude']):.12g} {float(row['latitude']):.12g})"


def _form(item: dict[str, object], text: str) -> NameForm:
    note = str(item.get("note") or "")
    kind = "alias" if any(word in note for word in _ALIASES) else "former"
    found = re.search(r"(?<![0-9A-Za-z_])hvd_[0-9A-Za-z_]*", note)
    return NameForm(
        text=text,
        kind=kind,
        year_from=_year(item.get("from")),
        year_to=_year(item.get("to")),
        citation=note,
        reference=f"tgaz:{found[0]}" if found else "",
    )


def _year(value: object) -> int | None:
    return int(str(value)) if value not in (None, "") else None
