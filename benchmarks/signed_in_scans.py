"""Measures scans of plates with 附近 and three public fields, of which some are signed in.

A community of three thousand doors has ten facilities, or as many as said: 附近 is full almost
everywhere; each address has a row of an approved dataset. Flat out (64 connections of wrk) the
shares of a bare hello are printed: alone, beside as many signed-in scans as are one in a hundred at
500 a second, and with one in a hundred of all, where the connections of wrk soon all wait for pages
of staff. At 500 a second it is the milliseconds from when a request was due. Usage:
python -m benchmarks.signed_in_scans [PLATES [DOORS A FACILITY]] (default 20000 300).
"""

import json
import sys
import tempfile
from contextlib import ExitStack
from datetime import timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy import text

from address_model.facility_kinds import FacilityKind
from benchmarks.databases import bench_database, settle
from benchmarks.filling import scan_all
from benchmarks.http_load import Question, Server, interleave, serving
from benchmarks.registers import TOWNSHIP, Register, make_register, take_some
from benchmarks.rivals import DATABASE_VARIABLE, PUBLIC_URL
from benchmarks.steady_load import read_load, start_load
from service.auth import commands as auth
from service.auth.members import Assignment
from service.auth.permissions import Role
from service.auth.queries import get_account
from service.core.actor import COMMAND_LINE
from service.core.database import Database

ROUNDS, SECONDS, RATE, STEADY_SECONDS = 3, 3.0, 500, 20.0
HOT_PLATES = 10
_HELLO = ("uvicorn", "--no-server-header", "--no-proxy-headers", "--log-level", "warning",
          "--factory", "benchmarks.rivals:hello")  # fmt: skip
_BARS = {"hot": "≥ 60 % of hello", "uniform": "≥ 25 % of hello"}


def main(size: int, every: int) -> None:
    """Print the shares of a hello, then the milliseconds at a steady rate."""
    with bench_database() as database, tempfile.TemporaryDirectory() as folder:
        register = make_register(database, size, Path(folder))
        add_facilities(database, register, every)
        add_data(database)
        scan_all(database, register)
        settle(database, "kept_body")
        cookie = f"__Host-menpai={_sign_in(database)}"
        environment = {DATABASE_VARIABLE: database.url, "MENPAI_PUBLIC_URL": PUBLIC_URL}
        with ExitStack() as stack:
            ours = stack.enter_context(
                serving(("service", "serve", "--no-worker"), environment=environment)
            )
            hello = stack.enter_context(serving(_HELLO))
            _flat_out(ours, hello, register, cookie)
            for name, sent in (("none signed in", ""), ("1 % signed in", cookie)):
                load = start_load(ours.port, register.tokens, RATE, STEADY_SECONDS, cookie=sent)
                found = read_load(load)
                print(
                    f"{RATE} a second, {name:15} p50 {found['p50']:.1f} p99 {found['p99']:.1f} ms "
                    f"(bar 50); the signed-in ones p50 {found['signed_in_p50']:.1f} "
                    f"p99 {found['signed_in_p99']:.1f} ms; {found['errors']:.0f} errors"
                )


def add_facilities(database: Database, register: Register, every: int) -> None:
    """A facility at one of so many doors of a register, of nine kinds in turn."""
    with register.codes.open() as codes:
        chosen = [line.strip() for line in islice(codes, 0, None, every)]
    with database.session() as session:
        session.execute(
            text(
                "insert into facility (kind, name, code, hours, phone, valid_from) "
                "select (cast(:kinds as text[]))[1 + at % cardinality(cast(:kinds as text[]))], "
                "'演示设施' || at, code, '8:30—17:00', '0571-00000000', '2026-01-01' "
                "from unnest(cast(:codes as text[])) with ordinality as c (code, at)"
            ),
            {"codes": chosen, "kinds": [kind.value for kind in FacilityKind]},
        )
    settle(database, "facility")


def add_data(database: Database) -> None:
    """Three public fields at every address: year, floors, use."""
    fields = [
        {"name": "built_in", "label": "建成年份", "value_type": "year", "field_class": "public"},
        {"name": "floors", "label": "层数", "value_type": "integer", "field_class": "public"},
        {
            "name": "main_use",
            "label": "用途",
            "value_type": "choice",
            "field_class": "public",
            "words": ["住宅", "商业"],
        },
    ]
    with database.session() as session:
        session.execute(
            text(
                "with made as (insert into dataset (name, owner, fields, state) "
                "values ('演示', '示例住建局', cast(:fields as jsonb), 'approved') returning id) "
                "insert into dataset_row (dataset_id, source_id, code, county, data) "
                "select made.id, a.code, a.code, a.county, jsonb_build_object('built_in', "
                "1950 + right(a.code, 2)::int % 75, 'floors', 1 + right(a.code, 1)::int, "
                "'main_use', '住宅') from made, address a"
            ),
            {"fields": json.dumps(fields)},
        )
    settle(database, "dataset_row")


def _sign_in(database: Database) -> str:
    """The session of an officer of the town."""
    with database.session() as session:
        auth.create_account(session, "bench", Assignment(Role.OFFICER, TOWNSHIP), COMMAND_LINE)
        session.execute(text("update staff_account set must_change_password = false"))
        account = get_account(session, "bench")
        lasts = timedelta(hours=1)
        opened = auth.open_session(session, account.id, "bench", browser="wrk", lasts=lasts)
    return opened.secret


def _flat_out(ours: Server, hello: Server, register: Register, cookie: str) -> None:
    html, rare = ("Accept: text/html",), f"1% Cookie: {cookie}"
    hot = take_some(register.tokens, HOT_PLATES)
    questions = {
        "bare ASGI hello": Question(hello, register.tokens),
        "hot": Question(ours, hot, headers=html),
        "hot, 1 % signed in": Question(ours, hot, headers=(*html, rare)),
        "uniform": Question(ours, register.tokens, headers=html),
        "uniform, 1 % signed in": Question(ours, register.tokens, headers=(*html, rare)),
        "signed in only": Question(ours, register.tokens, headers=(*html, f"Cookie: {cookie}")),
    }
    for name in ("hot", "uniform"):  # each plate is read once before
        questions[name].ask(SECONDS)
    figures = interleave(questions, rounds=ROUNDS, seconds=SECONDS)
    staff, beside = RATE // 100, {name: questions[name] for name in ("hot", "uniform")}
    lasts = (SECONDS + 1.5) * ROUNDS * len(beside)
    load = start_load(ours.port, register.tokens, staff, lasts, cookie=cookie, share=1.0)
    for name, one in interleave(beside, rounds=ROUNDS, seconds=SECONDS).items():
        figures[f"{name}, {staff} a second signed in"] = one
    load.terminate()
    bare = figures["bare ASGI hello"].rate
    print(f"{register.size:,} plates with 附近 and data, {ROUNDS} rounds of {SECONDS:g} s, medians")
    for name, one in figures.items():
        print(
            f"{name:32}{one.rate:>10,.0f}/s  {one.rate / bare:>7.1%} of hello  p50 {one.p50:6.2f}  "
            f"p99 {one.p99:7.2f} ms  {one.size:>7,.0f} bytes  {one.errors} errors  "
            + _BARS.get(name.split(",")[0], "")
        )


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    main(*(given + [20_000, 300][len(given) :]))
