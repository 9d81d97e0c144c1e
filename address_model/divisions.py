"""Divisions, and the meanings of the forms of their names."""

import re
from dataclasses import dataclass, field

PROVINCE, CITY, COUNTY, TOWNSHIP, COMMUNITY = "province", "city", "county", "township", "community"
DEPTH = {PROVINCE: 0, CITY: 1, COUNTY: 2, TOWNSHIP: 3, COMMUNITY: 4}

FULL, RETYPED, SHORT, FORMER = "full", "retyped", "short", "former"
"""How a form relates to the current name: itself, with another suffix (崇贤镇 for 崇贤街道),
without suffix (崇贤), or a name that is no longer in force (江干区)."""

SUFFIX = {
    PROVINCE: re.compile(r"(壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区|省|市)$"),
    CITY: re.compile(r"(市|地区|盟|[一-龥]族自治州|自治州)$"),
    COUNTY: re.compile(r"(畲族自治县|自治县|市|区|县)$"),
    TOWNSHIP: re.compile(r"(畲族乡|畲族镇|街道|镇|乡)$"),
}
_COMMUNITY_SUFFIX = re.compile(
    r"(村民委员会|居民委员会|村委会|居委会|社区居民委员会|社区居委会|经济合作社|社区|村)$"
)
ABOLISHED = re.compile(r"（[^）]*撤销[^）]*）$")


@dataclass(frozen=True, slots=True, eq=False)
class Division:
    """One division of the register: 12-digit code (NBS 2023; empty outside it), name, level."""

    code: str
    name: str
    level: str
    parent: "Division | None"
    lineage: "tuple[Division | None, ...]" = field(init=False, repr=False)
    """The ancestors by depth; its own entry and those below are None."""

    def __post_init__(self) -> None:
        above: list[Division | None] = [None] * 5
        ancestor = self.parent
        while ancestor is not None:
            above[DEPTH[ancestor.level]] = ancestor
            ancestor = ancestor.parent
        object.__setattr__(self, "lineage", tuple(above))

    @property
    def depth(self) -> int:
        """0 for a province, 4 for a community."""
        return DEPTH[self.level]

    def at(self, level: str) -> "Division | None":
        """Return this division or its ancestor of a level."""
        return self if self.level == level else self.lineage[DEPTH[level]]

    def lies_in(self, other: "Division") -> bool:
        """Whether this division is the other or lies in it."""
        return self is other or other in self.lineage


@dataclass(frozen=True, slots=True, eq=False)
class DivisionMeaning:
    """One meaning of a form: the current division and how the form relates to its name.

    A county that was divided has several readings, one for each successor.
    """

    division: Division
    kind: str
    level: str
    note: str = ""
    bare: bool = False
    """Whether the form lacks a division suffix (浙江, 萧山, 横溪)."""


def is_bare(form: str, reading: DivisionMeaning) -> bool:
    """Whether a form lacks a division suffix (浙江, 萧山, 横溪)."""
    endings = ("镇", "乡", "街道") if reading.level == TOWNSHIP else tuple("省市区县州")
    return reading.kind == SHORT or not form.endswith(endings)


def fold_community_name(name: str) -> str:
    """A community's name without its suffix: 高翔村村委会 and 高翔社区 are both 高翔."""
    return _COMMUNITY_SUFFIX.sub("", _COMMUNITY_SUFFIX.sub("", name)) or name


def community_name(registered: str) -> str:
    """The place name of a community: 高翔村村委会 is 高翔村, 松鹤社区居委会 is 松鹤社区."""
    name = registered
    for words, instead in _COMMITTEES:
        for word in words:
            if name.endswith(word):
                name = name.removesuffix(word) + instead
    for twice, once in (("社区社区", "社区"), ("村村", "村"), ("村社区", "村")):
        if name.endswith(twice):
            return name.removesuffix(twice) + once
    return name


_COMMITTEES = ((("村民委员会", "村委会"), "村"), (("居民委员会", "居委会"), "社区"))
"""Endings of registered names, and those of the place names instead."""
