"""Builds data/pinyin/unihan_readings.tsv.gz from Unihan_Readings.txt of the Unicode database.

``python -m scripts.unihan_readings Unihan_Readings.txt``. Columns: character, the readings of the
two modern dictionaries (kTGHZ2013 and kXHC1983; where neither has it, kHanyuPinyin and kMandarin),
the other readings. Neutral tones are left out: place names are spelled without them.
"""

import gzip
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / "data" / "pinyin" / "unihan_readings.tsv.gz"
_PAGED = ("kTGHZ2013", "kXHC1983", "kHanyuPinyin")
_FIELDS = (*_PAGED, "kMandarin")
_COMMON = range(0x4E00, 0xA000)
_DIAERESIS = "\u0308"


def main(source: Path) -> None:
    """Write the readings of the common block and of all characters of the national dictionary."""
    fields: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for line in source.read_text(encoding="utf-8").splitlines():
        if line.startswith("U+"):
            point, field, value = line.split("\t")
            if field in _FIELDS:
                groups = [one.split(":")[1] if field in _PAGED else one for one in value.split()]
                readings = unicodedata.normalize("NFC", ",".join(groups)).split(",")
                fields[chr(int(point[2:], 16))][field] = [
                    reading
                    for reading in readings
                    if any(
                        unicodedata.combining(mark) and mark != _DIAERESIS
                        for mark in unicodedata.normalize("NFD", reading)
                    )
                ]
    body = ""
    for character, found in sorted(fields.items()):
        if ord(character) in _COMMON or "kTGHZ2013" in found:
            every = [reading for field in _FIELDS for reading in found.get(field, ())]
            modern = [*found.get("kTGHZ2013", ()), *found.get("kXHC1983", ())] or every
            others = [reading for reading in dict.fromkeys(every) if reading not in modern]
            body += f"{character}\t{' '.join(dict.fromkeys(modern))}\t{' '.join(others)}\n"
    OUT.write_bytes(gzip.compress(body.encode(), mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
