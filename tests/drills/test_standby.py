"""A standby by streaming replication: read while it keeps up, alone, and in the primary's place.

About four minutes.
"""

import os
import secrets
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from migrations import run
from service.audit.chain import PURPOSE
from service.audit.heads import path_for
from service.audit.queries import verify_chain
from service.cluster.local_postgres import Cluster, drop_cluster, ensure_cluster
from service.core.database import Database, Session
from service.core.homes import test_home
from service.core.signing_keys import KeyRing
from tests.drills.standby_pair import BACK_S, DOORS, PHONE, Pair, command, until, written
from tests.drills.test_frozen_database import processes_of
from tests.factories.programs import make_program
from tests.factories.towns import Town, make_town
from tests.servers import serving
from tests.streaming import stream_to, url_of

pytestmark = pytest.mark.drill

WRITERS = READERS = 3
NOTICED_S = 3.0
HUNG_S, ANSWERED_S = 15.0, 8.0


def transactions(cluster: Cluster) -> int:
    time.sleep(1.5)  # counts are handed in once a second
    counted = "select xact_commit + xact_rollback from pg_stat_database where datname = 'menpai'"
    found = command(cluster, counted)
    assert isinstance(found, int)
    return found


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    homes = [test_home() / f"{os.getpid()}-{name}" for name in ("one", "two")]
    secret, made = secrets.token_urlsafe(32), list[object]()
    keys = KeyRing.of((secret,), PURPOSE)

    def fill(session: Session) -> None:
        made.append(make_town(session, doors=DOORS))
        made.append(str(make_program(session, "crew")))

    try:
        primary = ensure_cluster(homes[0])
        run.upgrade(primary.owner_url())
        written(primary, fill, keys)
        standby = stream_to(primary, homes[1])
        command(primary, "alter system set synchronous_standby_names = '*'")
        command(primary, "select pg_reload_conf()")
        town, key = made
        assert isinstance(town, Town)
        environment = {
            "MENPAI_ENV": "demo",
            "MENPAI_HOME": str(tmp_path),
            "MENPAI_READ_DATABASE_URL": standby.app_url(),
            "MENPAI_SECRET_KEY": secret,
        }
        served = environment | {"database_url": url_of(primary, standby)}
        with serving(**served) as client:
            headers, heads = {"X-API-Key": str(key)}, path_for(tmp_path)
            yield Pair(primary, standby, town, client, headers, keys, heads, served)
    finally:
        for home in reversed(homes):
            drop_cluster(home)


def test_read_on_a_standby_that_keeps_up_lags_is_alone_and_is_promoted(pair: Pair) -> None:
    until(lambda: pair.ready() == "ready\n")
    read_there(pair)
    lag_behind(pair)
    freeze_the_standby(pair)
    replay_conflicts(pair)
    threads = [threading.Thread(target=pair.read) for _ in range(READERS)]
    threads += [threading.Thread(target=pair.write) for _ in range(WRITERS)]
    threads += [threading.Thread(target=pair.issue)]
    for thread in threads:
        thread.start()
    try:
        until(lambda: len(pair.acknowledged) > 50 and len(pair.issued) > 20)
        killed = lose_the_primary(pair)
        promoted = time.monotonic()
        command(pair.standby, "select pg_promote(true)")
        until(
            lambda: min(max(pair.acknowledged.values()), max(pair.issued.values())) > promoted + 1
        )
        back_s = min(at for at in pair.acknowledged.values() if at > promoted) - promoted
    finally:
        pair.ended.set()
        for thread in threads:
            thread.join(60)
    hold_answers(pair, killed, promoted)
    assert back_s < BACK_S
    pair.watch_hidden(3)
    pair.show(shows=True, on=pair.standby)
    until(pair.is_shown)
    assert "it was promoted" in pair.ready()
    nothing_is_lost(pair)
    told = Counter((path.split("/")[0], status) for _, path, status, _ in pair.answers)
    sys.stdout.write(f"\nanswers {dict(told)}; writes back {back_s:.1f} s after the promotion")


def read_there(pair: Pair) -> None:
    """Scans and look-ups go to the standby, and only to it."""
    before = [transactions(one) for one in (pair.primary, pair.standby)]
    begun, pages = time.monotonic(), 0
    for token, code in zip(pair.tokens, pair.town.codes[12:], strict=False):
        assert PHONE.search(pair.page(token))
        card = pair.ask("GET", f"/a/{code}")
        assert card in (200, 429)
        assert pair.ask("GET", f"/api/v1/addresses/{code}") == 200
        pages += 3 if card == 200 else 2
    seconds = time.monotonic() - begun + 4
    after = [transactions(one) for one in (pair.primary, pair.standby)]
    on_primary, on_standby = (b - a for a, b in zip(before, after, strict=True))
    told = f"{pages} answers: {on_primary} transactions on the primary, {on_standby} here"
    assert on_standby >= pages, told
    # the feed (2.5/s), a key each second, the limit of /a/, counts and this very question
    assert on_primary < 8 * seconds + len(pair.tokens) + 70, told
    sys.stdout.write(f"\n{told}")


def lag_behind(pair: Pair) -> None:
    """A contact that was withdrawn does not come back while the standby has not replayed that."""
    assert pair.is_shown()
    command(pair.standby, "select pg_wal_replay_pause()")
    pair.show(shows=False, on=pair.primary)
    until(lambda: not pair.is_shown(), 1.5)
    pair.watch_hidden(8)
    assert "changes missing: " in pair.ready()
    command(pair.standby, "select pg_wal_replay_resume()")
    until(lambda: pair.ready() == "ready\n")
    pair.watch_hidden(2)
    pair.show(shows=True, on=pair.primary)
    until(pair.is_shown)


def freeze_the_standby(pair: Pair) -> None:
    """One that hangs takes nobody down: reads go to the primary, and no place stays taken."""
    frozen, begun = processes_of(pair.standby), time.monotonic()
    threads = [threading.Thread(target=pair.read) for _ in range(8)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    for process in frozen:
        os.kill(process, signal.SIGSTOP)
    stopped = time.monotonic()
    try:
        time.sleep(HUNG_S)
        assert pair.is_shown()
        assert "the standby does not answer" in pair.ready()
    finally:
        for process in frozen:
            os.kill(process, signal.SIGCONT)
        pair.ended.set()
        for thread in threads:
            thread.join(60)
        pair.ended.clear()
    until(lambda: pair.ready() == "ready\n")
    found = Counter(status for at, _, status, _ in pair.answers if at > begun)
    later = Counter(status for at, _, status, _ in pair.answers if at > stopped + ANSWERED_S)
    assert set(found) <= {200, 404, 429, 503}, found
    assert set(later) <= {200, 404, 429}, later
    sys.stdout.write(f"\nfrozen for {HUNG_S:.0f} s: {dict(found)}")


def replay_conflicts(pair: Pair) -> None:
    """What replaying cancels on the standby is asked of the primary or answered 503, never 500."""
    command(pair.standby, "alter system set max_standby_streaming_delay = 0")
    command(pair.standby, "select pg_reload_conf()")
    cancelled = "select confl_lock from pg_stat_database_conflicts where datname = 'menpai'"
    thread, begun = threading.Thread(target=pair.read), len(pair.answers)
    thread.start()
    ends = time.monotonic() + 15
    while time.monotonic() < ends:
        with pair.primary.connect_as_superuser("menpai") as superuser, superuser.transaction():
            for table in ("address", "duty", "heritage_entry", "place_name"):
                superuser.execute(f"lock table {table} in access exclusive mode".encode())
        time.sleep(0.02)
    pair.ended.set()
    thread.join(60)
    pair.ended.clear()
    found = Counter(status for _, _, status, _ in pair.answers[begun:])
    assert set(found) <= {200, 429, 503}, found
    sys.stdout.write(
        f"\n{command(pair.standby, cancelled)} statements cancelled by replaying: {dict(found)}"
    )


def lose_the_primary(pair: Pair) -> float:
    """Withdraw the contact where the standby does not see it, and kill the primary with all it has.

    Returns when that was.
    """
    command(pair.standby, "select pg_wal_replay_pause()")
    pair.show(shows=False, on=pair.primary)
    for process in processes_of(pair.primary):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    killed = time.monotonic()
    time.sleep(1.0)  # so long what is known may be shown
    pair.watch_hidden(4)
    command(pair.standby, "select pg_wal_replay_resume()")
    until(lambda: "nothing can be written" in pair.ready())
    pair.watch_hidden(8)
    begin_alone(pair)
    return killed


def begin_alone(pair: Pair) -> None:
    """A server that is started while the primary is away reads the standby, without contacts."""
    token, code = pair.tokens[50], pair.town.codes[50]
    with serving(**pair.served) as client:
        until(lambda: client.get(f"/{token}").status_code == 200)
        assert not PHONE.search(client.get(f"/{token}").text)
        until(lambda: client.get(f"/a/{code}").status_code in (200, 429), 4 * BACK_S)
        found = client.get(f"/api/v1/addresses/{code}", headers=pair.key)
        assert found.status_code == 200


def hold_answers(pair: Pair, killed: float, promoted: float) -> None:
    """Nothing fails; while the primary is away reads go on, and writes are told to come again."""
    assert [one for one in pair.answers if one[2] >= 500 and one[2] != 503] == []
    assert [one for one in pair.answers if one[2] == 503 and not one[3]] == []
    alone = [one for one in pair.answers if killed + 5 + NOTICED_S < one[0] < promoted]
    reads = Counter(one[2] for one in alone if one[1].startswith("read"))
    writes = Counter(one[2] for one in alone if one[1].startswith("write"))
    assert set(reads) <= {200, 404, 429}, reads
    assert reads[200] > 50, reads
    assert set(writes) == {503}, writes


def nothing_is_lost(pair: Pair) -> None:
    database = Database(pair.standby.app_url())
    with database.reading() as session:
        kept = set(session.scalars(text("select id from plate_event where kind = 'well'")))
        codes = set(session.scalars(text("select code from address")))
        assert verify_chain(session, pair.keys, pair.heads).is_whole
    database.dispose()
    assert set(pair.acknowledged) - kept == set()
    assert set(pair.issued) - codes == set()
    sys.stdout.write(f"\n{len(pair.acknowledged)} reports and {len(pair.issued)} codes, all kept; ")
