"""Makes schemes of the shipped classes: thresholds become criteria that an engine can read."""

from collections.abc import Iterable

from address_model.heritage.catalogue import CatalogueEntry, Scheme
from service.heritage.seed_lists import Lists

Row = dict[str, str]
VERSION = "2026-11"
_SAME = "同上"
_CLASS_LEVELS = {
    "CN-QNGX": ["county"],
    "CN-QNGZ": ["town"],
    "CN-QNGCL": ["village"],
    "ZJ-QNGZ": ["town", "subdistrict"],
    "ZJ-QNGCL": ["village"],
}


def schemes_of(classes: list[Row], lists: Lists, entries: Iterable[CatalogueEntry]) -> list[Scheme]:
    """The shipped classes, and every other list that an entry stands on, in order of code."""
    made: dict[str, Scheme] = {}
    above: Row = {}
    for row in classes:
        row = {k: above.get(k, "") if v == _SAME else v for k, v in row.items()}  # noqa: PLW2901
        above = row
        made[row["code"]] = _scheme(row, lists)
    named = {
        one.scheme_code: (one.list_name, "") for entry in entries for one in entry.recognitions
    }
    for code, (name, authority) in (named | lists.names()).items():
        if code not in made:
            gaps = lists.gaps_of(code)
            made[code] = Scheme(code, VERSION, name, {"criteria": []}, authority, gaps=gaps)
    return [made[code] for code in sorted(made)]


def _scheme(row: Row, lists: Lists) -> Scheme:
    criteria: list[dict[str, object]] = []
    if row["min_settlement_years"]:
        years = int(row["min_settlement_years"])
        criteria.append({"id": "settlement_age", "kind": "settlement_years", "min": years})
    if row["min_name_years"]:
        years = int(row["min_name_years"])
        criteria.append(
            {"id": "name_age", "kind": "name_years", "min": years, "max_break_years": 100}
        )
    if row["must_currently_be"]:
        levels = _CLASS_LEVELS[row["code"]]
        words = row["must_currently_be"]
        criteria.append({"id": "present_level", "kind": "level", "in": levels, "text": words})
    if row["other_criteria_zh"]:
        text = row["other_criteria_zh"]
        criteria.append({"id": "judged", "kind": "judgement", "text": text})
    return Scheme(
        code=row["code"],
        version=VERSION,
        name=row["name_zh"],
        criteria={"criteria": criteria},
        authority=row["scheme"],
        evidence=row["evidence_zh"],
        source=row["source"],
        confidence=row["confidence"],
        gaps=lists.gaps_of(row["code"]),
    )
