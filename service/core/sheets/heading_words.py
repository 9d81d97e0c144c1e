"""A heading as a word to look up: without the marks, notes and numbers that forms put about it."""

import re
import unicodedata

_NOTES = re.compile(r"[(\[【〔<《].*?(?:[)\]】〕>》]|$)")
_MARKS = re.compile(r"[*★☆●○◆◇■□※#•·△▲√:;,、。!?\"'“”‘’]+")
_NUMBER = re.compile(r"^(?:[0-9]+|[一二三四五六七八九十]+(?=[.、]))[.、)]?(?=\D)")
_JOINTS = re.compile(r"[\s_\-./]+")


def heading_word(heading: str) -> str:
    """What a heading says: *网格编码, 2、网格编码（必填） and 网格_编码： are 网格编码."""
    folded = unicodedata.normalize("NFKC", heading).lower().strip()
    bare = _NUMBER.sub("", _NOTES.sub("", folded))
    return _JOINTS.sub("", _MARKS.sub("", bare))
