"""Checks which criteria of a scheme an entry meets, and why; the criteria are data.

A criterion is ``{"id", "kind", …}``. Kinds: ``settlement_years`` and ``name_years`` (``min`` years,
for the name ``max_break_years``), ``level`` (``in`` a list of county, town, subdistrict, village),
``attested`` (``grade`` or better), ``score`` (points for the highest of ``steps`` that is
reached) and ``judgement``, which only people can give.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from address_model.heritage.ages import SHORT_BREAK, Since, named_since, settled_since
from address_model.heritage.catalogue import CatalogueEntry, Scheme
from address_model.heritage.years import year_text, years_between


class CriterionVerdict(StrEnum):
    """The verdict on one criterion."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    JUDGEMENT = "judgement"


@dataclass(frozen=True, slots=True)
class CriterionFinding:
    """One criterion of one scheme, the verdict, the reason in Chinese, and points if it scores.

    For ages, ``since`` and ``years`` hold the starting year, the name in force before and the
    number of years, for pages in other languages.
    """

    criterion: str
    verdict: CriterionVerdict
    reason: str
    points: float = 0.0
    since: Since | None = None
    years: int | None = None


def judge(entry: CatalogueEntry, scheme: Scheme, year: int) -> tuple[CriterionFinding, ...]:
    """Judge an entry by each criterion of a scheme, with ages counted to a year."""
    criteria: Any = scheme.criteria.get("criteria", [])
    return tuple(_KINDS[str(rule["kind"])](entry, rule, year) for rule in criteria)


def fails(findings: tuple[CriterionFinding, ...]) -> bool:
    """Whether a criterion is certainly not met."""
    return any(one.verdict is CriterionVerdict.NOT_MET for one in findings)


def _settlement(entry: CatalogueEntry, rule: Mapping[str, Any], year: int) -> CriterionFinding:
    since = settled_since(entry.attestations)
    if since.year is None:
        return CriterionFinding(rule["id"], CriterionVerdict.UNKNOWN, "聚落年代未见来源")
    age = years_between(since.year, year)
    said = f"聚落{_from(since)}见于{year_text(since.year)}，至{year}年 {age} 年"
    return _aged(rule, since, age, said)


def _name(entry: CatalogueEntry, rule: Mapping[str, Any], year: int) -> CriterionFinding:
    longest = int(rule.get("max_break_years", SHORT_BREAK))
    place = entry.place
    since = named_since(place.standard_name, entry.attestations, place.forms, longest)
    if since.year is None:
        return CriterionFinding(rule["id"], CriterionVerdict.UNKNOWN, "地名年代未见来源")
    age = years_between(since.year, year)
    said = f"地名{_from(since)}沿用自{year_text(since.year)}，至{year}年 {age} 年"
    if since.broken_by:
        said = f"此前名“{since.broken_by}”，现{said}"
    return _aged(rule, since, age, said)


def _from(since: Since) -> str:
    return "至迟" if since.precision == "not_after" else ""


def _aged(rule: Mapping[str, Any], since: Since, age: int, said: str) -> CriterionFinding:
    needed = int(rule["min"])
    if age >= needed:
        return CriterionFinding(rule["id"], CriterionVerdict.MET, said, since=since, years=age)
    if since.precision == "not_after":
        untold = f"{said}，是否满 {needed} 年待考"
        return CriterionFinding(
            rule["id"], CriterionVerdict.UNKNOWN, untold, since=since, years=age
        )
    short = f"{said}，不足 {needed} 年"
    return CriterionFinding(rule["id"], CriterionVerdict.NOT_MET, short, since=since, years=age)


def _level(entry: CatalogueEntry, rule: Mapping[str, Any], _year: int) -> CriterionFinding:
    place = entry.place
    level = {"township": "town"}.get(place.kind, place.kind)
    if place.standard_name.endswith("街道"):
        level = "subdistrict"
    fits = place.is_division and level in rule["in"]
    said = f"今为{place.generic or place.standard_name}，要求{rule['text']}"
    return CriterionFinding(
        rule["id"], CriterionVerdict.MET if fits else CriterionVerdict.NOT_MET, said
    )


def _attested(entry: CatalogueEntry, rule: Mapping[str, Any], _year: int) -> CriterionFinding:
    grades = sorted(one.grade for one in entry.attestations if one.grade)
    if not grades:
        return CriterionFinding(rule["id"], CriterionVerdict.UNKNOWN, "未见书证")
    fits = grades[0] <= str(rule["grade"])
    said = f"最好的书证为 {grades[0]} 级，要求 {rule['grade']} 级"
    return CriterionFinding(
        rule["id"], CriterionVerdict.MET if fits else CriterionVerdict.NOT_MET, said
    )


def _score(entry: CatalogueEntry, rule: Mapping[str, Any], year: int) -> CriterionFinding:
    """Points by measure: settlement_years, name_years, forms, accounts, recognitions, sources."""
    measures = {
        "forms": len(entry.place.forms),
        "accounts": len(entry.accounts),
        "recognitions": sum(one.status == "recognized" for one in entry.recognitions),
        "sources": len(entry.sources),
        "settlement_years": _age(settled_since(entry.attestations).year, year),
        "name_years": _age(
            named_since(entry.place.standard_name, entry.attestations, entry.place.forms).year,
            year,
        ),
    }
    value = measures[str(rule["measure"])]
    if value is None:
        return CriterionFinding(rule["id"], CriterionVerdict.UNKNOWN, "未见来源")
    points = max((float(p) for least, p in rule["steps"] if value >= least), default=0.0)
    return CriterionFinding(
        rule["id"], CriterionVerdict.MET, f"{rule['measure']} {value}: {points:g} 分", points
    )


def _age(since: int | None, year: int) -> int | None:
    return None if since is None else years_between(since, year)


def _judgement(_entry: CatalogueEntry, rule: Mapping[str, Any], _year: int) -> CriterionFinding:
    return CriterionFinding(rule["id"], CriterionVerdict.JUDGEMENT, str(rule["text"]))


_KINDS = {
    "settlement_years": _settlement,
    "name_years": _name,
    "level": _level,
    "attested": _attested,
    "score": _score,
    "judgement": _judgement,
}
