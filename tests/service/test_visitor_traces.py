"""Nothing that a visitor's browser or network says of itself is kept: no table, log or file."""

import asyncio
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from migrations import run
from service.cluster.local_postgres import Cluster, drop_cluster, ensure_cluster
from service.core.async_pool import conninfo_of
from service.core.database import Database
from service.core.homes import test_home as home_of_tests
from service.core.limits import Limits, network_of
from tests.event_loop import run_apart
from tests.factories.office import Office, make_office
from tests.servers import running_server

WRITTEN_BY_VISITORS = {"scan_count", "kept_body", "request_count", "unknown_token_count"}
"""The tables to which scans and searches add rows."""

WRITTEN_BY_REPORTS = {"report", "work_item", "audit_entry", "change", "feed_counter"}
HASH_OF_AN_HOUR = {"keyed blake2b-12 of the network 203.0.113.177"}
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')

SENT = {
    "User-Agent": "TraceAgent/88.17 (Phone; TracePhone 4417)",
    "Cookie": "trace=cookie-4417; menpai_trace=cookie-4418",
    "X-Forwarded-For": "203.0.113.177",
    "Accept-Language": "tlh-4417,zh;q=0.8",
    "Referer": "https://trace-4417.example/where/it/came/from",
    "Sec-CH-UA-Model": "TraceModel4417",
}
PARTS = {
    *SENT.values(),
    "cookie-4417",
    "cookie-4418",
    "TraceAgent",
    "trace-4417.example",
    "tlh-4417",
}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A private PostgreSQL, whose log and files are ours alone."""
    home = home_of_tests() / f"{os.getpid()}-traces"
    made = ensure_cluster(home, durable=False)
    run.upgrade(made.owner_url())
    yield made
    drop_cluster(home)
    shutil.rmtree(home, ignore_errors=True)


@contextmanager
def reading(cluster: Cluster) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with psycopg.connect(conninfo_of(cluster.owner_url()), autocommit=True) as direct:
        yield direct


def tables_of(direct: psycopg.Connection[tuple[object, ...]]) -> dict[str, list[str]]:
    """The rows of every table as text; what is binary in hexadecimal."""
    names = direct.execute(
        "select relname from pg_class where relkind in ('r', 'p') and not relispartition "
        "and relnamespace = 'public'::regnamespace and relname <> 'spatial_ref_sys'"
    ).fetchall()
    return {
        str(name): [
            str(row[0])
            for row in direct.execute(f'select t::text from "{name}" t').fetchall()  # noqa: S608
        ]
        for (name,) in names
    }


def visit(office: Office, url: str, home: Path, log: Path) -> None:
    """Scans, look-ups, searches and refused requests, as one visitor sends them."""
    token, code = office.plates["own"], office.codes["own"]
    paths = [f"/{token}", f"/{token}?v=elder&lang=en", f"/{token.lower()}", "/7Z7Z7Z7Z7Z"]
    paths += [f"/a/{code}", "/a/1", f"/card/{token}.pdf", f"/?q={token}", "/?q=x", "/", "/privacy"]
    paths += [
        "/heritage?q=west",
        "/heritage/ZJH-0001",
        "/figures",
        "/figures.csv",
        "/nowhere/at/all",
    ]
    environment = {"MENPAI_HOME": home, "MENPAI_TRUSTED_PROXIES": "127.0.0.1", "MENPAI_ENV": "demo"}
    with log.open("wb") as written, running_server(url, log=written, **environment) as server:
        for path in paths:
            for accept in ("text/html", "application/json"):
                server.client.get(path, headers=SENT | {"Accept": accept})
        for path in (f"/report/{token}", "/admin/sign-in", f"/{token}"):
            server.client.post(path, data={"kind": "broken", "words": "x"}, headers=SENT)
        form = server.client.get(f"/report/{token}?kind=broken", headers=SENT).text
        own = SENT | {"Referer": f"{server.client.base_url}/report/{token}"}
        sent = server.client.post(f"/report/{token}", data=dict(HIDDEN.findall(form)), headers=own)
        assert sent.status_code == 303
        server.client.get(sent.headers["location"], headers=SENT)


def traces_of(values: set[str], salt: bytes) -> dict[str, bytes]:
    """What would be a trace of a value: itself, and its hashes plain and with the day's salt."""
    found = {}
    for value in values:
        found[f"{value} itself"] = value.encode()
        for what, one in ((value, value.encode()), (f"the network {value}", network_of(value))):
            for name in ("md5", "sha1", "sha256", "blake2b", "blake2s"):
                for kind, text in (("plain", one), ("salted", salt + one), ("after", one + salt)):
                    found[f"{name} of {what}, {kind}"] = hashlib.new(name, text).digest()
            for size in (6, 8, 12, 16, 32):
                plain = hashlib.blake2b(one, digest_size=size)
                keyed = hashlib.blake2b(one, key=salt, digest_size=size)
                found[f"blake2b-{size} of {what}"] = plain.digest()
                found[f"keyed blake2b-{size} of {what}"] = keyed.digest()
    return found


def is_in(trace: bytes, text: str) -> bool:
    """Whether a value or digest stands in a text in lower case, as it is or in hexadecimal."""
    return trace.hex() in text or trace.decode("latin-1").lower() in text


def test_visitors_leave_no_trace_but_the_hash_of_an_hour(cluster: Cluster, tmp_path: Path) -> None:
    database = Database(cluster.app_url())
    office = make_office(database)
    database.dispose()
    home, log = tmp_path / "home", tmp_path / "serve.log"
    with reading(cluster) as direct:
        before = tables_of(direct)
        visit(office, cluster.app_url(), home, log)
        after = tables_of(direct)
        (salt,) = (
            direct.execute("select salt from request_count where kind = 'salt'").fetchone() or ()
        )
    assert isinstance(salt, bytes)
    written = {name: sorted({*rows} - {*before[name]}) for name, rows in after.items()}
    changed = {name for name, rows in written.items() if rows}
    assert changed == WRITTEN_BY_VISITORS | WRITTEN_BY_REPORTS

    traces = traces_of(PARTS, salt)
    limited = hashlib.blake2b(
        network_of(SENT["X-Forwarded-For"]), key=salt, digest_size=12
    ).digest()
    assert any(is_in(limited, row) for row in written["request_count"])  # so the sweep finds it
    for name, rows in written.items():
        everything = "\n".join(rows).lower()
        left = {what for what, trace in traces.items() if is_in(trace, everything)}
        is_exception = name == "request_count"
        assert left == (
            {"keyed blake2b-12 of the network 203.0.113.177"} if is_exception else set()
        ), name
    server_log = log.read_text("utf-8", "replace")
    logs = [*(cluster.home / "cluster" / "log").iterdir()]
    files = [one for one in home.rglob("*") if one.is_file()]
    assert server_log
    assert logs
    for where in [log, *logs, *files]:
        said = where.read_bytes().decode("latin-1").lower()
        assert [what for what, trace in traces.items() if is_in(trace, said)] == [], where
    forget(cluster, limited)


def forget(cluster: Cluster, limited: bytes) -> None:
    """An hour later the hash is gone."""
    with reading(cluster) as direct:
        direct.execute("update request_count set started_at = now() - interval '61 minutes'")

        async def clear() -> None:
            limits = Limits(cluster.app_url())
            limits.start()
            for _ in range(100):
                rows = "\n".join(tables_of(direct)["request_count"])
                if not is_in(limited, rows):
                    break
                await asyncio.sleep(0.1)
            await limits.close()

        run_apart(clear())
        assert not is_in(limited, "\n".join(tables_of(direct)["request_count"]))
