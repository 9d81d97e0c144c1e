"""Keeps a replica: the first copy, the changes after it, and the comparison by digests.

A change names a record; the record is read again as it is now, so a change may be applied twice
and in any state of the copy. The position of the replica is that of the last change applied:
each record is at least as new as that.
"""

import http.client
from collections.abc import Collection
from dataclasses import dataclass

import structlog

from service.core.clock import now_utc
from service.core.faults import EnvironmentFault
from service.core.output import say
from service.replication.commands.replica_database import ReplicaDatabase
from service.replication.register_server import (
    FeedForgotten,
    FeedPage,
    RegisterServer,
    ReplicatedRegister,
    Row,
)
from service.replication.row_digest import bucket_of, digests_of, number_of

CHUNK = 5000
"""How many rows of the first copy are written in one transaction."""

MOST_TRIES = 10
WAIT_S = 25
_BUCKETS_AT_ONCE = 300
logger = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Difference:
    """A record whose rows were others than those of the service; it has been read again."""

    register: str
    key: str


class Replication:
    """A replica and the service that it copies."""

    def __init__(self, server: RegisterServer, database: ReplicaDatabase) -> None:
        """Make the tables that are missing, or have other columns than before."""
        self._server, self._database = server, database
        self._told: set[tuple[str, str]] = set()
        database.belong_to(server.url, server.division)
        self.registers = server.list_registers()
        for register in self.registers:
            if database.find_copied(register) is None:
                with database.transaction():
                    database.make_table(register)

    def run(self, *, once: bool, verify: bool) -> list[Difference]:
        """Copy and follow; with either flag until there are no more changes. What differed.

        Raises:
            EnvironmentFault: the service refuses, or does not answer.
        """
        ends = once or verify
        while True:
            try:
                self.copy()
                while self.follow(wait_s=0 if ends else WAIT_S) or not ends:
                    pass
                return self.verify() if verify else []
            except FeedForgotten:
                say("the service no longer keeps these changes; everything is copied again")
                self.start_again()

    def copy(self) -> None:
        """Copy what is not copied yet, going on where it broke off.

        Raises:
            EnvironmentFault: the service does not answer, or breaks off again and again.
        """
        for register in self.registers:
            tries, reached = 0, ""
            while (held := self._database.find_copied(register)) and not held.is_complete:
                tries = tries + 1 if held.copied_to == reached else 0
                reached = held.copied_to
                if tries > MOST_TRIES:
                    raise EnvironmentFault(
                        f"the copy of {register.name} breaks off again and again",
                        hint="check the network; run it again to go on",
                    )
                try:
                    self.copy_register(register, reached)
                except (OSError, http.client.HTTPException) as error:
                    why = type(error).__name__
                    logger.warning("copy_broke_off", register=register.name, error=why)

    def follow(self, *, wait_s: int = WAIT_S) -> bool:
        """Apply the next page of changes; whether there were any.

        Raises:
            EnvironmentFault: the service does not answer, or leaves out changes again and again.
            FeedForgotten: the changes are no longer kept; ``start_again``.
        """
        after = self.position
        page = self.read_whole_page(after, wait_s)
        self.apply(page)
        return page.following > after

    def start_again(self) -> None:
        """Forget the copy, to make a new one."""
        with self._database.transaction():
            self._database.note_position(None)
            for register in self.registers:
                self._database.make_table(register)

    def verify(self) -> list[Difference]:
        """Compare every register by digests, and read again what differs."""
        found = []
        for register in self.registers:
            suspects: set[str] | None = None
            for _ in range(2):  # a change that was just made looks like a difference, once
                position, theirs = self._server.read_digests(register.name)
                self._follow_to(position)
                rows = self._database.rows_of(register)
                ours = digests_of(register.columns, register.key_place, rows)
                differing = {one for one in theirs | ours if theirs.get(one) != ours.get(one)}
                suspects = differing if suspects is None else suspects & differing
                if not suspects:
                    break
            if suspects:
                found += self.heal(register, suspects)
        return found

    @property
    def position(self) -> int:
        """The position that is reached."""
        return self._database.position or 0

    def copy_register(self, register: ReplicatedRegister, after: str) -> None:
        """Copy the rows behind a key; a transaction ends where the key does."""
        stream = self._server.read_rows(register, [("after", after)] if after else [])
        database, key, held = self._database, register.key_place, list[Row]()
        if database.position is None:
            database.note_position(stream.position)
        for row in stream.rows:
            if len(held) >= CHUNK and row[key] != held[-1][key]:
                with database.transaction():
                    database.insert(register, held)
                    database.note_copied(register, str(held[-1][key]), is_complete=False)
                held = []
            held.append(row)
        with database.transaction():
            database.insert(register, held)
            database.note_copied(register, "", is_complete=True)

    def read_whole_page(self, after: int, wait_s: int) -> FeedPage:
        """The next page; one from which changes are missing is noted and asked for again."""
        page = self._server.read_changes(after, wait_s)
        for _ in range(MOST_TRIES):
            gaps = page.list_gaps(after)
            if not gaps:
                return page
            with self._database.transaction():
                for first, last in gaps:
                    self._database.note_gap(first, last, now_utc().isoformat())
            page = page.joined(self._server.read_changes(after, before=page.following + 1))
        raise EnvironmentFault(
            f"the service leaves out changes after position {after}",
            hint="tell its operator; run it again to go on",
        )

    def apply(self, page: FeedPage) -> None:
        """Read the records again that changed, and write them with the position."""
        read = []
        for register in self.registers:
            for subject, column in register.follows:
                told = dict.fromkeys(c.key for c in page.changes if c.subject == subject)
                if told:
                    rows = self._server.read_records(register, subject, told)
                    read.append((register, column, told, rows))
        self._told |= {(change.subject, change.key) for change in page.changes}
        with self._database.transaction():
            for register, column, keys, rows in read:
                self._database.delete(register, column, keys)
                if column != register.key:  # a plate may have come from another address
                    own = dict.fromkeys(row[register.key_place] for row in rows)
                    self._database.delete(register, register.key, own)
                self._database.insert(register, rows)
            self._database.note_position(page.following)

    def _follow_to(self, position: int) -> None:
        while self.position < position:
            self.follow(wait_s=0)

    def heal(self, register: ReplicatedRegister, buckets: Collection[str]) -> list[Difference]:
        """Replace what differs in buckets, except what has changed only now."""
        asked, theirs, position = sorted(buckets), dict[object, list[Row]](), 0
        self._told = set()
        for start in range(0, len(asked), _BUCKETS_AT_ONCE):
            names = [("bucket", one) for one in asked[start : start + _BUCKETS_AT_ONCE]]
            stream = self._server.read_rows(register, names)
            position = max(position, stream.position)
            for row in stream.rows:
                theirs.setdefault(row[register.key_place], []).append(row)
        self._follow_to(position)
        ours: dict[object, list[Row]] = {}
        for row in self._database.rows_of(register):
            if bucket_of(row[register.key_place]) in buckets:
                ours.setdefault(row[register.key_place], []).append(row)

        def digest(rows: list[Row]) -> list[int]:
            return sorted(number_of(register.columns, row) for row in rows)

        places = [
            (subject, [one.name for one in register.columns].index(column))
            for subject, column in register.follows
        ]
        wrong = [
            key
            for key in ours | theirs
            if digest(ours.get(key, [])) != digest(theirs.get(key, []))
            and not any(
                (subject, str(row[place])) in self._told
                for subject, place in places
                for row in [*ours.get(key, []), *theirs.get(key, [])]
            )
        ]
        with self._database.transaction():
            self._database.delete(register, register.key, wrong)
            self._database.insert(register, [row for key in wrong for row in theirs.get(key, [])])
        return [Difference(register.name, str(key)) for key in wrong]
