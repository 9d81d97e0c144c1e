"""双千年 (two thousand-year tests): the ages of settlement and name, from the rules engine."""

from collections.abc import Sequence
from dataclasses import dataclass

from address_model.heritage.catalogue import CatalogueEntry, Scheme
from address_model.heritage.criteria import CriterionVerdict, judge
from service.core.words import Words, mark
from service.heritage.labels import say_year

_SCHEMES = {"county": "CN-QNGX", "town": "ZJ-QNGZ", "village": "ZJ-QNGCL"}
"""The scheme whose criteria apply to a class."""
_OURS = Scheme(
    "MENPAI-2K",
    "1",
    "双千年",
    {
        "criteria": [
            {"id": "settlement_age", "kind": "settlement_years", "min": 1000},
            {"id": "name_age", "kind": "name_years", "min": 1000, "max_break_years": 100},
        ]
    },
)
"""For streets, bridges and other classes without a thousand-year scheme."""
_LABELS = {"settlement_age": mark("聚落满千年"), "name_age": mark("地名满千年")}
_VERDICTS = {
    CriterionVerdict.MET: "met",
    CriterionVerdict.NOT_MET: "unmet",
    CriterionVerdict.UNKNOWN: "unknown",
}


@dataclass(frozen=True, slots=True)
class Test:
    """One of the two tests: met, unmet or unknown."""

    label: str
    verdict: str
    why: str


def list_tests(
    entry: CatalogueEntry, schemes: Sequence[Scheme], today: int, words: Words
) -> list[Test]:
    """The two tests of 双千年: the age of the settlement and, separately, of the name."""
    found = judge(entry, find_scheme(entry.heritage_class, schemes), today)
    tests = []
    for one in found:
        if one.criterion not in _LABELS:
            continue
        since, why = one.since, words(mark("始年待考"))
        if since is not None and since.year is not None and one.years is not None:
            year = say_year(since.year, words)
            is_limit = since.precision == "not_after"
            said = mark("至迟{year}已有，{years} 年") if is_limit else mark("{year}起，{years} 年")
            why = words(said, year=year, years=one.years)
            if since.broken_by:
                why += words(mark("；此前名{name}"), name=since.broken_by)
        tests.append(Test(words(_LABELS[one.criterion]), _VERDICTS[one.verdict], why))
    return tests


def find_scheme(heritage_class: str, schemes: Sequence[Scheme]) -> Scheme:
    """The newest version of the scheme for a class; our default if there is none."""
    kind = heritage_class.removeprefix("ancient_").removesuffix("_candidate")
    code = _SCHEMES.get(kind, "")
    fitting = [one for one in schemes if one.code == code]
    return max(fitting, key=lambda one: one.version, default=_OURS)
