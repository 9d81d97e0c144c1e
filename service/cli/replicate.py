"""menpai replicate: keeps a copy of a register in a database of one's own."""

from typing import Annotated

import typer

from service.cli.options import Json
from service.core.output import SOME_REFUSED, result
from service.replication.commands.replica_database import ReplicaDatabase
from service.replication.commands.replication import Replication
from service.replication.register_server import RegisterServer

ONCE_S, ALWAYS_S = 60.0, float("inf")
"""How long an outage of the service may last, in seconds."""

Into = Annotated[
    str, typer.Option(help="The database: postgresql://…, sqlite:///FILE or duckdb:///FILE")
]
Key = Annotated[
    str, typer.Option(envvar="MENPAI_API_KEY", help="The API key; better in MENPAI_API_KEY.")
]
Division = Annotated[
    str, typer.Option(help="Only this division and below: its code or the beginning of it.")
]
Once = Annotated[bool, typer.Option("--once", help="End when there are no more changes.")]
Verify = Annotated[
    bool,
    typer.Option("--verify", help="Then compare every row by digests, correct it, and end."),
]


def replicate(
    url: Annotated[str, typer.Argument(help="The service, such as https://dz.example.gov.cn")],
    into: Into,
    *,
    key: Key,
    division: Division = "",
    once: Once = False,
    verify: Verify = False,
    as_json: Json = False,
) -> None:
    """Copy registers into a database of your own, and keep them up to date."""
    patience_s = ONCE_S if once or verify else ALWAYS_S
    server = RegisterServer(url, key, division, patience_s)
    database = ReplicaDatabase(into)
    try:
        replication = Replication(server, database)
        found = replication.run(once=once, verify=verify)
        counts = {one.name: sum(1 for _ in database.rows_of(one)) for one in replication.registers}
        position, gaps = replication.position, database.count_gaps()
    finally:
        database.close()
        server.close()
    lines = [f"{name}: {count} rows" for name, count in counts.items()]
    lines.append(f"position {position}, changes asked for again: {gaps}")
    lines += [f"{one.register} {one.key} differed; it was read again" for one in found]
    differences = [f"{one.register} {one.key}" for one in found]
    result(
        {"position": position, "registers": counts, "gaps": gaps, "differences": differences},
        lines,
        as_json=as_json,
    )
    if found:
        raise typer.Exit(SOME_REFUSED)
