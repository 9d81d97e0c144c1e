"""Asks the service whose registers are copied: over HTTP, with patience for outages."""

import http.client
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import orjson
import structlog

from service.core.faults import EnvironmentFault
from service.replication.row_digest import ReplicaColumn, read_values

API = "/api/v1"
TIMEOUT_S = 130
"""Longer than the service takes to begin any answer."""

LONGEST_PAUSE_S = 30.0
MOST_KEYS, _MOST_KEY_BYTES = 200, 6000
"""How many keys one request names, and how long they are in its URL."""

_PART = 1 << 16
_BUSY = (429, 503)
_OK, _GONE = 200, 410
logger = structlog.get_logger()

Row = tuple[object, ...]


class FeedForgotten(Exception):
    """The service no longer keeps the changes after the position that was reached."""


@dataclass(frozen=True, slots=True)
class ReplicatedRegister:
    """A register as the service describes it.

    ``follows`` are pairs of a kind of record and the column with its key in the feed.
    """

    name: str
    key: str
    columns: tuple[ReplicaColumn, ...]
    follows: tuple[tuple[str, str], ...]

    @property
    def key_place(self) -> int:
        """The place of the key among the columns."""
        return [one.name for one in self.columns].index(self.key)


@dataclass(frozen=True, slots=True)
class FeedChange:
    """A change: its position, and the kind and key of its record."""

    position: int
    subject: str
    key: str


@dataclass(frozen=True, slots=True)
class FeedPage:
    """A page of changes as it came; ``count`` says how many it had when it was sent."""

    changes: tuple[FeedChange, ...]
    count: int
    following: int

    def joined(self, other: "FeedPage") -> "FeedPage":
        """The page with the changes that came when it was asked for again."""
        found = {one.position: one for one in (*self.changes, *other.changes)}
        changes = tuple(found[position] for position in sorted(found))
        return FeedPage(changes, self.count, self.following)

    def list_gaps(self, after: int) -> list[tuple[int, int]]:
        """The ranges of positions that are missing.

        Of some divisions positions are not consecutive, and only the number of changes tells.
        """
        if self.count < self.following - after:
            return [(after + 1, self.following)] if len(self.changes) < self.count else []
        gaps, expected = [], after + 1
        for change in self.changes:
            if change.position > expected:
                gaps.append((expected, change.position - 1))
            expected = change.position + 1
        if self.following >= expected:
            gaps.append((expected, self.following))
        return gaps


@dataclass(frozen=True, slots=True)
class RowStream:
    """Rows that are being read, and the position of their snapshot."""

    position: int
    rows: Iterator[Row]


class RegisterServer:
    """The service at a URL, asked with an API key for one division ("" is everywhere)."""

    def __init__(self, url: str, key: str, division: str, patience_s: float) -> None:
        """``patience_s``: how long an outage may last."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise EnvironmentFault(f"{url!r} is no URL of a service", hint="begin it with https://")
        self.url, self.division = url.rstrip("/"), division
        self._path = parts.path.rstrip("/").removesuffix(API) + API
        self._patience_s = patience_s
        self._headers = {"Authorization": "Bearer " + key, "User-Agent": "menpai-replicate"}
        kind = (
            http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        )
        self._connection = kind(parts.hostname, parts.port, timeout=TIMEOUT_S)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def list_registers(self) -> list[ReplicatedRegister]:
        """The registers that may be copied."""
        found = orjson.loads(self._ask("/snapshots").read())
        return [
            ReplicatedRegister(
                one["name"],
                one["key"],
                tuple(ReplicaColumn(c["name"], c["type"]) for c in one["columns"]),
                tuple((f["subject"], f["column"]) for f in one["follows"]),
            )
            for one in found["registers"]
        ]

    def read_changes(self, after: int, wait_s: int = 0, before: int = 0) -> FeedPage:
        """A page of changes after a position, and before another one.

        Raises:
            FeedForgotten: they are no longer kept.
        """
        asked = [("after", after)]
        asked += [(name, most) for name, most in (("wait", wait_s), ("before", before)) if most]
        page = orjson.loads(self._ask("/changes", asked).read())
        changes = tuple(FeedChange(c["position"], c["subject"], c["key"]) for c in page["changes"])
        return FeedPage(changes, page["count"], page["next"])

    def read_digests(self, register: str) -> tuple[int, dict[str, tuple[int, int]]]:
        """A position, and for each bucket the number of rows and their digest."""
        found = orjson.loads(self._ask(f"/snapshots/{register}/digests").read())
        buckets = {b["bucket"]: (b["rows"], int(b["digest"])) for b in found["buckets"]}
        return found["position"], buckets

    def read_rows(
        self, register: ReplicatedRegister, asked: Iterable[tuple[str, object]] = ()
    ) -> RowStream:
        """Rows of a register; all, or those asked for by the parameters of the call."""
        response = self._ask(f"/snapshots/{register.name}", asked)
        lines = split_lines(response)
        position = orjson.loads(next(lines))["position"]
        rows = (read_values(register.columns, orjson.loads(line)) for line in lines)
        return RowStream(position, rows)

    def read_records(
        self, register: ReplicatedRegister, subject: str, keys: Iterable[str]
    ) -> list[Row]:
        """The rows of records as they are now; none of those that are gone."""
        rows, held, size = list[Row](), list[tuple[str, object]](), 0
        for key in [*keys, None]:
            if held and (key is None or len(held) == MOST_KEYS or size > _MOST_KEY_BYTES):
                rows += self.read_rows(register, [("subject", subject), *held]).rows
                held, size = [], 0
            if key is not None:
                held.append(("key", key))
                size += len(quote(key)) + len("&key=")
        return rows

    def _ask(self, path: str, asked: Iterable[tuple[str, object]] = ()) -> http.client.HTTPResponse:
        """Ask until there is an answer, or patience ends.

        Raises:
            EnvironmentFault: the service refuses, or is away for too long.
            FeedForgotten: 410.
        """
        values = [*asked, ("division", self.division)] if self.division else list(asked)
        target = f"{self._path}{path}?{urlencode(values)}" if values else f"{self._path}{path}"
        deadline, pause = time.monotonic() + self._patience_s, 0.5
        while True:
            try:
                self._connection.request("GET", target, headers=self._headers)
                response = self._connection.getresponse()
            except (OSError, http.client.HTTPException) as error:
                why = type(error).__name__
            else:
                if response.status == _OK:
                    return response
                body = response.read()
                if response.status == _GONE:
                    raise FeedForgotten
                if response.status not in _BUSY:
                    is_problem = "json" in response.headers.get("Content-Type", "")
                    problem: dict[str, Any] = orjson.loads(body) if is_problem else {}
                    told = problem.get("detail", "no reason given")
                    raise EnvironmentFault(
                        f"the service refuses ({response.status}): {told}",
                        hint=str(problem.get("hint", "")),
                    )
                why, pause = str(response.status), float(response.headers.get("Retry-After", 1))
            self._connection.close()
            if time.monotonic() > deadline:
                raise EnvironmentFault(
                    f"{self.url} does not answer ({why})", hint="check the URL and the network"
                )
            logger.warning("service_away", why=why, pause_s=pause)
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)


def split_lines(response: http.client.HTTPResponse) -> Iterator[bytes]:
    """Lines of an answer as they come.

    Raises:
        IncompleteRead: it breaks off.
    """
    held = b""
    while part := response.read(_PART):
        *whole, held = (held + part).split(b"\n")
        yield from whole
    if held:
        yield held
