"""Compares parses with the fifty hard strings of ``nasty.txt``, key by key.

A line is ``raw <TAB> expected parse <TAB> tags <TAB> source``; the parse is ``key=value; …``. A
line is correct if the verdict is equal and every compared key in it is equal after folding width
and numerals. ``(=X)`` after a value is the current form, which is accepted too.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from address_model.elements import Elements, Numbered
from address_model.gazetteer import Gazetteer
from address_model.normal_form import normalise, read_numeral
from address_model.parsing import Parse, parse
from address_model.plate_suffixes import read_suffix

COMPARED = ("county", "town", "road", "lane", "no", "no_sub", "bldg", "unit", "floor", "room")
_LEVELS = {"county": "county", "town": "township", "road": "thoroughfare"}
_QUANTIFIER = re.compile(r"(?:支弄|弄|号楼|号|幢|栋|座|单元|楼|层|室|摊位|路|巷)$")


@dataclass(frozen=True)
class Line:
    """One hard string: the text, its verdict and the values of the compared keys."""

    text: str
    verdict: str
    values: dict[str, str]


@dataclass(frozen=True)
class Outcome:
    """The result of one line; ``wrong`` has key, wanted and read value."""

    line: Line
    verdict: str
    wrong: tuple[str, ...]

    @property
    def verdict_is_right(self) -> bool:
        """Whether the verdict agrees."""
        return self.verdict == self.line.verdict

    @property
    def whole_is_right(self) -> bool:
        """Whether the verdict and every compared key agree."""
        return self.verdict_is_right and not self.wrong


def read_lines(path: Path) -> list[Line]:
    """Return the lines of ``nasty.txt``."""
    rows = path.read_text(encoding="utf-8").splitlines()
    return [_read_line(row) for row in rows if row and not row.startswith("#")]


def _read_line(row: str) -> Line:
    text, right, *_ = row.split("\t")
    values: dict[str, str] = {}
    for part in re.split(r";\s*(?=[a-z_0-9]+=)", right):
        key, _, value = part.strip().partition("=")
        if key == "addr1: county":
            continue
        key = {"sub": "lane", "sub2": "lane"}.get(key, key)
        values[key] = f"{values[key]} {value}" if key == "lane" and key in values else value
    verdict = values.pop("verdict")
    return Line(text, verdict, {k: v for k, v in values.items() if k in COMPARED})


def compare(line: Line, parsed: Parse) -> Outcome:
    """Compare one line with a parse."""
    wrong = []
    for key, value in line.values.items():
        accepted = _accepted(key, value)
        read = _read_value(key, parsed)
        if not accepted & read:
            wrong.append(f"{key}: wanted {value}, read {' or '.join(sorted(read)) or '-'}")
    return Outcome(line, str(parsed.verdict), tuple(wrong))


def measure(path: Path, gazetteer: Gazetteer) -> list[Outcome]:
    """Parse and compare every line."""
    return [compare(line, parse(line.text, gazetteer)) for line in read_lines(path)]


def _accepted(key: str, value: str) -> set[str]:
    """The folded forms of a correct value."""
    value, _, inferred = value.partition("(=")
    forms = {_fold(re.sub(r"\(.*?\)", "", value))}
    for form in re.split(r"[,，]", inferred.rstrip(")")):
        forms.add(_fold(re.sub(r"^自编", "", form)))
    if match := re.match(r"(?:range|even range) (\S+?)\.\.(\S+)", value):
        forms = {_ends(*match.groups())}
    elif match := re.match(r"list \[(.*)\]", value):
        forms = {_members(match.group(1))}
    if key == "lane":
        forms = {" ".join(_fold(lane) for lane in re.sub(r"\(.*?\)", "", value).split())}
    return {form for form in forms if form}


def _ends(first: str, last: str) -> str:
    return f"{_fold(first)}..{_fold(last)}"


def _members(inside: str) -> str:
    members = re.split(r"[,;，]", inside)
    if "even range" in inside:
        first = re.match(r"\s*(\d+)", members[0])
        ends = re.search(r"(\d+)\.\.(\d+)", inside)
        if first and ends:
            rest = range(int(ends.group(1)), int(ends.group(2)) + 1, 2)
            members = [first.group(1), *map(str, rest)]
    return ",".join(_fold(member) for member in members)


def _read_value(key: str, parsed: Parse) -> set[str]:
    """The folded forms of a parsed key: as written and as in the register."""
    if key in _LEVELS:
        level = _LEVELS[key]
        written = {_fold(e.text) for e in parsed.elements if e.level == level}
        return {form for form in written | {_fold(getattr(parsed.place, level))} if form}
    plates = parsed.plates or (parsed.place,)
    if key == "lane":
        return {" ".join(_fold(str(lane)) for lane in parsed.place.lanes)} - {""}
    return {form for form in _numbered_forms(key, plates) if form}


def _numbered_forms(key: str, plates: Iterable[Elements]) -> set[str]:
    name = {"no": "number", "no_sub": "number", "bldg": "building"}.get(key, key)
    values = [getattr(plate, name) for plate in plates]
    values = list(dict.fromkeys(value for value in values if value is not None))
    shown = [_number(key, value) for value in values]
    if key == "no" and len(values) > 1:
        shown = [_fold(value.bare) for value in values]
    forms = {",".join(shown)}
    if len(values) == 1:
        forms |= {_fold(str(values[0]))}
        if key == "floor" and "-" in values[0].number[1:]:
            forms.add("..".join(values[0].number.split("-")))
        if key == "no" and not values[0].suffix:
            forms.add(_fold(values[0].bare))
    elif shown:
        forms.add(f"{shown[0]}..{shown[-1]}")
    return forms


def _number(key: str, value: Numbered) -> str:
    if key == "no":
        return _fold(value.prefix + value.number)
    if key == "no_sub":
        return _fold(value.suffix)
    return _fold(value.bare)


def _fold(text: str) -> str:
    """Half-width, simplified, digits for numerals, upper case, no quantifier, no leading zeros."""
    text = normalise(unicodedata.normalize("NFKC", text)).text.strip().upper()
    bare = _QUANTIFIER.sub("", text) or text
    if bare.startswith("之"):
        return read_suffix(bare)
    digits = (
        read_numeral(bare)
        if bare and all(c in "零〇一二三四五六七八九十百" for c in bare)
        else None
    )
    return digits or bare
