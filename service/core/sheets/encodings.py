"""Detects the encoding of a text file by decoding all of it.

A file is UTF-8 if all of it decodes as UTF-8. Otherwise it is GB18030 if all of it decodes so and
nothing speaks against it: GB18030 gives a (wrong) meaning to nearly any bytes, so a UTF-8 file with
one damaged character would pass for it. Four Chinese characters of UTF-8 in a row never occur in
real GB18030 text (none in 72,747 addresses; about 1 in 10¹⁰ by the code tables) and mean a damaged
or mixed file; Big5 read as GB18030 shows as kana, box lines and private characters.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from service.core.sheets.faults import EncodingUnknown, SheetTooLarge
from service.core.sheets.formats import open_bytes, read_chunks, reading

SAVE_AGAIN = "Open it in Excel or WPS and save it as 「CSV UTF-8」"

_CHINESE_UTF8 = re.compile(rb"(?:[\xe4-\xe9][\x80-\xbf]{2}){4}")
_BEYOND_TWO_BYTES = re.compile("[\u0800-\U0010ffff]")
_TWO_BYTES_NOT_LATIN = re.compile("[\u0250-\u07ff]")
_NOT_IN_ADDRESSES = re.compile("[\u0370-\u04ff\u2500-\u259f\u3040-\u312f\ue000-\uf8ff]")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(slots=True)
class TextSurvey:
    """The codec name of a file, and whether it holds NUL bytes."""

    encoding: str
    holds_nul: bool = False


def survey_text(path: Path, *, packed: bool, is_json: bool = False) -> TextSurvey:
    """Read the whole file, once or twice, and return its encoding.

    JSON that decodes as UTF-8 is UTF-8 (RFC 8259), however improbable its letters.

    Raises EncodingUnknown naming the first bad row and byte, SheetTooLarge for a line that never
    ends or a packed file that is a bomb.
    """
    survey = TextSurvey("utf-8")
    with reading(path), open_bytes(path, packed=packed) as handle:
        start = handle.read(4096)
    if start.startswith(_UTF16_MARKS) or start.count(b"\0") * 4 > len(start):
        raise EncodingUnknown(f"{path.name} is UTF-16 text or not text at all", SAVE_AGAIN)
    marked = start.startswith(codecs.BOM_UTF8)
    bad, only_foreign = _decode_utf8(_chunks(path, survey, packed=packed))
    if marked and bad is None:
        survey.encoding = "utf-8-sig"
    elif bad is not None or (only_foreign and not is_json):
        _try_gb18030(path, survey, bad, packed=packed, marked=marked)
    return survey


def _chunks(path: Path, survey: TextSurvey, *, packed: bool) -> Iterator[bytes]:
    """The bytes of the file; notes NUL bytes and refuses a line of over a megabyte."""
    for chunk in read_chunks(path, packed=packed):
        survey.holds_nul = survey.holds_nul or b"\0" in chunk
        if len(chunk) >= 1 << 20 and b"\n" not in chunk and b"\r" not in chunk:
            raise SheetTooLarge(
                f"{path.name} holds a line of more than a megabyte",
                "Check that it is a list with one row per line",
            )
        yield chunk


def _decode_utf8(chunks: Iterator[bytes]) -> tuple[int | None, bool]:
    """Return the offset of the first bad byte, and whether all non-ASCII characters are two bytes
    long and not Latin: a short GB18030 text that happens to be valid UTF-8 looks so.
    """
    chinese = foreign = False
    watch = _Decoder("utf-8")
    for chunk in chunks:
        text = watch.decode(chunk)
        if text is None:
            return watch.bad, False
        if not chinese and not text.isascii():
            chinese = bool(_BEYOND_TWO_BYTES.search(text))
            foreign = foreign or bool(_TWO_BYTES_NOT_LATIN.search(text))
    return watch.finish(), foreign and not chinese


def _try_gb18030(
    path: Path, survey: TextSurvey, bad_utf8: int | None, *, packed: bool, marked: bool
) -> None:
    """Set the encoding to GB18030 if the file is; raise EncodingUnknown if it is neither."""
    watch = _Decoder("gb18030")
    utf8_at: int | None = None
    tail, start, sample = b"", 0, ""
    for chunk in _chunks(path, survey, packed=packed):
        found = _CHINESE_UTF8.search(tail + chunk)
        if found and utf8_at is None:
            utf8_at = start - len(tail) + found.start()
        start, tail = start + len(chunk), chunk[-11:]
        text = watch.decode(chunk) or ""
        sample = sample or text
    bad = watch.finish()
    if bad_utf8 is None and (bad is not None or _is_implausible(sample)):
        return
    if bad_utf8 is not None and (marked or utf8_at is not None):
        reason = (
            f"{path.name} is UTF-8, but not everywhere: {_place(path, bad_utf8, packed=packed)}"
        )
        if utf8_at is not None and utf8_at > bad_utf8:
            row = _row_of(path, utf8_at, packed=packed)
            reason += f"; row {row} again is. It seems to be put together from two encodings"
        hint = "Correct that row, or export the whole list again as UTF-8"
        raise EncodingUnknown(reason, hint)
    if bad is not None or _is_implausible(sample):
        at = bad if bad is not None else bad_utf8 or 0
        where = _place(path, at, packed=packed)
        raise EncodingUnknown(f"{path.name} is neither UTF-8 nor GB18030: {where}", SAVE_AGAIN)
    survey.encoding = "gb18030"


def _is_implausible(text: str) -> bool:
    """Whether a tenth of the non-ASCII characters never occur in Chinese addresses."""
    wide = len(text) - len(text.encode("ascii", "ignore"))
    return len(_NOT_IN_ADDRESSES.findall(text)) * 10 > wide


def _place(path: Path, at: int, *, packed: bool) -> str:
    with open_bytes(path, packed=packed) as handle:
        handle.seek(at)
        byte = handle.read(1)
    what = f"0x{byte[0]:02X}" if byte else "the end of the file"
    return f"row {_row_of(path, at, packed=packed)}, byte {at + 1} ({what})"


def _row_of(path: Path, at: int, *, packed: bool) -> int:
    """The row of a byte, as a spreadsheet counts: quoted line ends do not count."""
    row, quotes, left = 1, 0, at
    with open_bytes(path, packed=packed) as handle:
        for line in handle:
            quotes += line[:left].count(b'"')
            left -= len(line)
            if left < 0:
                break
            row += quotes % 2 == 0
    return row


class _Decoder:
    """Decodes chunk by chunk and remembers the offset of the first bad byte."""

    def __init__(self, encoding: str) -> None:
        self._decoder = codecs.getincrementaldecoder(encoding)("strict")
        self._read = 0
        self.bad: int | None = None

    def decode(self, chunk: bytes, *, final: bool = False) -> str | None:
        """Return the text, or None after the first bad byte."""
        if self.bad is not None:
            return None
        kept = len(self._decoder.getstate()[0])
        try:
            text = self._decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            self.bad = self._read - kept + error.start
            return None
        self._read += len(chunk)
        return text

    def finish(self) -> int | None:
        """End the file; return the offset of the first bad byte, if any."""
        self.decode(b"", final=True)
        return self.bad
