"""The file of heads: signed states of the audit chain, outside the database.

One JSON object per line, with its number and the SHA-256 of the previous line, so that no line can
be changed or removed. A line is either the end of the chain at a moment (``head``) or a restart
(``begin``): earlier heads beyond its position refer to entries that a restore has replaced.
"""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

import orjson

from service.core.faults import EnvironmentFault
from service.core.homes import DATABASE
from service.core.signing_keys import KeyRing, SigningKey

HEAD, BEGIN = "head", "begin"
_LONGEST_LINE = 1 << 13
_MEND = (
    "put the file back from a copy; if there is none, look at the entries with an auditor, then "
    "begin again with `menpai audit begin-heads --reason …`"
)


class DamagedHeads(EnvironmentFault):
    """The file of heads was changed or cannot be read."""

    def __init__(self, what: str) -> None:
        super().__init__(what, hint=_MEND)


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The end of the chain at a moment: the last position (entries are numbered from 1 without
    gaps, so it is also their number) and its hash in hex; ``day`` is a date in MENPAI_TIMEZONE.
    """

    number: int
    kind: str
    day: str
    at: str
    position: int
    hash: str
    reason: str
    before: str
    key_id: str


def path_for(home: Path, database: str = DATABASE) -> Path:
    """The file of heads of one database of a home."""
    return home / f"audit-heads-{database}.jsonl"


def read_heads(file: Path, keys: KeyRing) -> list[ChainHead]:
    """All verified heads, oldest first; none if the file does not exist.

    An incomplete last line, cut short by a crash, is ignored.

    Raises:
        DamagedHeads: a line was changed, removed, signed with an unknown key, or is unreadable.
    """
    try:
        *lines, _ = file.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise DamagedHeads(f"{file} cannot be read: {error.strerror or error}") from None
    before, found = "", []
    for number, line in enumerate(lines, start=1):
        head, content, signature = _parse(line, number)
        key = keys.find(head.key_id)
        if key is None:
            raise DamagedHeads(
                f"head {number} of {file} is signed with the key {head.key_id}, which is not known "
                "here (MENPAI_SECRET_KEY, MENPAI_FORMER_SECRET_KEYS)"
            )
        if (head.number, head.before) != (number, before) or not key.is_signed(content, signature):
            raise DamagedHeads(f"head {number} of {file} is not what was written")
        before = _digest(line)
        found.append(head)
    return found


def list_valid(heads: Sequence[ChainHead]) -> tuple[list[ChainHead], list[str]]:
    """The heads that the chain must match, and notes on their restarts."""
    valid: list[ChainHead] = []
    notes = []
    for head in heads:
        if head.kind == BEGIN:
            gone = [one.position for one in valid if one.position > head.position]
            lost = f"; entries {head.position + 1} to {max(gone)} were replaced" if gone else ""
            if head.number > 1 or head.reason:
                notes.append(f"heads began again on {head.day}: {head.reason}{lost}")
            valid = [one for one in valid if one.position <= head.position]
        else:
            valid.append(head)
    return valid, notes


def find_last(file: Path) -> ChainHead | None:
    """The last head of the file, unverified; None if the file is missing or empty.

    Raises:
        DamagedHeads: it cannot be read.
    """
    line = _last_line(file)
    return _parse(line, 0)[0] if line else None


def append_head(file: Path, head: ChainHead, key: SigningKey) -> None:
    """Append a head with its number, link and signature; fsynced when this returns.

    The caller must hold the lock of the file.

    Raises:
        DamagedHeads: the last head cannot be read.
        OSError: the file cannot be written.
    """
    line = _last_line(file)
    number = _parse(line, 0)[0].number + 1 if line else 1
    values = asdict(head) | {
        "number": number,
        "before": _digest(line) if line else "",
        "key_id": key.id,
    }
    values["signature"] = key.sign(_signed(values)).hex()
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "r+b") as out:
        tail, start = _read_tail(out)
        out.truncate(start + _whole_bytes(tail))
        out.seek(0, os.SEEK_END)
        out.write(_canonical(values) + b"\n")
        out.flush()
        os.fsync(out.fileno())
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _last_line(file: Path) -> bytes:
    """The last complete line; empty if there is none."""
    try:
        with file.open("rb") as content:
            tail, _ = _read_tail(content)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise DamagedHeads(f"{file} cannot be read: {error.strerror or error}") from None
    return tail[: _whole_bytes(tail)].rstrip(b"\n").rpartition(b"\n")[2]


def _read_tail(content: IO[bytes]) -> tuple[bytes, int]:
    """The end of a file, longer than any line, and its offset."""
    start = max(0, content.seek(0, os.SEEK_END) - _LONGEST_LINE)
    content.seek(start)
    return content.read(), start


def _whole_bytes(content: bytes) -> int:
    return content.rfind(b"\n") + 1


def _parse(line: bytes, number: int) -> tuple[ChainHead, bytes, bytes]:
    """The head of a line, the signed bytes, and the signature."""
    try:
        values = orjson.loads(line)
        signature = bytes.fromhex(values.pop("signature"))
        return ChainHead(**values), _signed(values), signature
    except (ValueError, TypeError, AttributeError, KeyError):
        which = f"line {number}" if number else "the last line"
        raise DamagedHeads(f"{which} of the file of heads is damaged") from None


def _canonical(values: dict[str, object]) -> bytes:
    return orjson.dumps(values, option=orjson.OPT_SORT_KEYS)


def _signed(values: dict[str, object]) -> bytes:
    return b"head " + _canonical(values)


def _digest(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()
