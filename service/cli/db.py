"""menpai db: create, migrate, start, stop, back up, restore and drop the database."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from migrations import run
from service.addresses.commands import high_water, raise_counters
from service.addresses.commands.high_water import CodeSpaceState
from service.audit.commands import begin_heads
from service.cli.options import Json, find_audit_keys, make_database
from service.cluster.backup import create_backup, find_note, note_file
from service.cluster.database_urls import get_database_urls
from service.cluster.file_backup import archive_of, require_whole, restore_files
from service.cluster.local_postgres import (
    cluster_status,
    drop_cluster,
    drop_former_database,
    ensure_cluster,
    stop_cluster,
)
from service.cluster.restore import (
    FORMER,
    restore_into_cluster,
    restore_into_external,
)
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.faults import EnvironmentFault
from service.core.files import open_files
from service.core.output import result, say
from service.core.settings import Settings, get_settings

app = typer.Typer(help="The database: private by default, or your own.", no_args_is_help=True)


@app.command()
def init(*, as_json: Json = False) -> None:
    """Create the private cluster if no database is set, and bring its tables up to date."""
    _migrate("head", "ready", as_json=as_json)


@app.command()
def upgrade(*, as_json: Json = False) -> None:
    """Bring the tables to the schema of this version; safe while people read."""
    _migrate("head", "up to date", as_json=as_json)


@app.command()
def downgrade(
    revision: Annotated[str, typer.Argument(help="Revision such as 0002, or base for none.")],
    *,
    yes: Annotated[
        bool, typer.Option("--yes", help="Accept that data which only newer tables hold is lost.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Take the tables back to an older schema; make a backup first."""
    if not yes:
        raise EnvironmentFault(
            "a downgrade drops data that only the newer tables hold; nothing was done",
            hint="make a backup (menpai db backup FILE), then add --yes",
        )
    owner = get_database_urls(get_settings()).owner
    run.downgrade(owner, revision)
    now = run.find_current(owner)
    result({"revision": now}, [f"schema {now or 'empty'}"], as_json=as_json)


@app.command()
def status(*, as_json: Json = False) -> None:
    """Show which database is used, whether it runs and its schema; changes nothing."""
    settings = get_settings()
    if settings.database_url:
        values: dict[str, object] = {"database": "external", "running": True}
        found = run.find_current(settings.owner_database_url or settings.database_url)
    else:
        known = cluster_status(settings.home)
        values = {"database": "private", **asdict(known), "home": str(known.home)}
        found = run.find_current(get_database_urls(settings).owner) if known.running else None
    values |= {"revision": found, "newest_revision": run.head()}
    lines = []
    for name, value in values.items():
        shown = "none" if value is None else str(value)
        if isinstance(value, bool):
            shown = "yes" if value else "no"
        lines.append(f"{name}: {shown}")
    result(values, lines, as_json=as_json)


@app.command()
def start(*, as_json: Json = False) -> None:
    """Start the private cluster; other commands start it by themselves."""
    cluster = ensure_cluster(_private(get_settings()).home)
    values = {"running": True, "socket_folder": str(cluster.socket_folder)}
    result(values, [f"running; socket in {cluster.socket_folder}"], as_json=as_json)


@app.command()
def stop(*, as_json: Json = False) -> None:
    """Stop the private cluster; open transactions are rolled back."""
    stopped = stop_cluster(_private(get_settings()).home)
    lines = ["stopped" if stopped else "was not running"]
    result({"running": False, "stopped": stopped}, lines, as_json=as_json)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="File to write; a note is written beside it.")],
    *,
    no_files: Annotated[
        bool, typer.Option("--no-files", help="Leave out photos and batch files.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write the whole register to one file, while it stays in use, and its files beside it."""
    settings = get_settings()
    urls = get_database_urls(settings)
    say(f"backing up to {file} …")
    note = create_backup(urls.owner, file, None if no_files else open_files(settings))
    rows = sum(note.rows.values())
    lines = [f"{file}: {rows:,} rows, {note.size:,} bytes, SHA-256 {note.sha256}"]
    if note.files:
        said = f"{note.files.count:,} files, {note.files.size:,} bytes"
        lines.append(f"{archive_of(file)}: {said}, SHA-256 {note.files.sha256}")
    result(
        {"file": str(file), "note": str(note_file(file)), **asdict(note)}, lines, as_json=as_json
    )


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="File written by `menpai db backup`.")],
    *,
    no_files: Annotated[
        bool, typer.Option("--no-files", help="Restore the register alone.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Put a backup in place of the register, and raise every county's counter by 1,000,000."""
    settings = get_settings()
    archive = None if no_files else _find_archive(file)
    seen = high_water.read(high_water.path_for(settings.home))
    raised: list[int] = []

    def prepare(owner_url: str, former: list[CodeSpaceState]) -> None:
        run.upgrade(owner_url)
        raised.append(_raise_counters(owner_url, former, seen))
        if archive:
            restore_files(open_files(settings), archive)

    say(f"restoring {file} into a new database …")
    if settings.database_url:
        urls = get_database_urls(settings)
        done = restore_into_external(urls.owner, file, prepare)
    else:
        done = restore_into_cluster(ensure_cluster(settings.home), file, prepare)
    _begin_heads(settings, file)
    say(
        f"the counter of {raised[0]} counties was raised by {high_water.MARGIN:,}, "
        "so that no code given out since the backup is given out again"
    )
    values: dict[str, object] = {
        "file": str(file),
        "files": str(archive) if archive else None,
        "rows": dict(done.rows),
        "proved": done.note is not None,
        "former_database": done.former,
        "counties_raised": raised[0],
        "raised_by": high_water.MARGIN,
    }
    result(values, _restored_lines(sum(done.rows.values()), done.former), as_json=as_json)


@app.command()
def drop(
    *,
    yes_delete: Annotated[
        str,
        typer.Option(
            "--yes-delete",
            metavar="NAME",
            help="Name of the home's folder (everything in it goes), or of a database kept "
            "by a restore.",
        ),
    ],
    as_json: Json = False,
) -> None:
    """Delete the private cluster and its home permanently, or a database that a restore kept."""
    settings = _private(get_settings())
    if yes_delete.startswith(FORMER):
        drop_former_database(ensure_cluster(settings.home), yes_delete)
        what = f"database {yes_delete}"
    else:
        if yes_delete != settings.home.name:
            raise EnvironmentFault(
                f"the home is {settings.home}, not {yes_delete}; nothing was deleted",
                hint=f"menpai db drop --yes-delete {settings.home.name}",
            )
        drop_cluster(settings.home, confirmed_name=yes_delete)
        what = str(settings.home)
    kept = sorted(str(one) for one in settings.home.glob("*")) if settings.home.exists() else []
    if kept and what == str(settings.home):
        what = str(settings.home / "cluster")
        say(f"left, because this folder was there before Menpai: {', '.join(kept)}")
        say("high-water files keep codes from being given out twice: they go with the last plate")
    result({"deleted": what, "left": kept}, [f"deleted {what}"], as_json=as_json)


def _migrate(revision: str, words: str, *, as_json: bool) -> None:
    urls = get_database_urls(get_settings())
    before = run.find_current(urls.owner)
    run.upgrade(urls.owner, revision)
    now = run.find_current(urls.owner)
    values: dict[str, object] = {"before": before, "revision": now}
    result(values, [f"{words}: schema {now} (was {before or 'empty'})"], as_json=as_json)


def _raise_counters(owner_url: str, former: list[CodeSpaceState], seen: dict[str, int]) -> int:
    """Ensure that no code issued by a lost state of the register is issued again."""
    keys = find_audit_keys(get_settings())
    database = Database(owner_url, pool_size=1, audit_keys=keys)
    try:
        with database.session() as session:
            high_water.adopt_code_spaces(session, former)
            high_water.lift_counters(session, seen)
            return raise_counters(session, high_water.MARGIN, COMMAND_LINE)
    finally:
        database.dispose()


def _begin_heads(settings: Settings, file: Path) -> None:
    """Begin new heads of the audit chain at the end of the restored register."""
    database = make_database(settings, get_database_urls(settings).app)
    try:
        if database.audit_keys is not None:
            for note in begin_heads(database, COMMAND_LINE, f"restored from {file.name}"):
                say(note)
    finally:
        database.dispose()


def _find_archive(file: Path) -> Path | None:
    """The file archive of a backup, verified; None if there is none."""
    note = find_note(file)
    if note is None or note.files is None:
        say("photos and files of batches are in no archive: they stay as they are")
        return None
    require_whole(archive_of(file), note.files)
    return archive_of(file)


def _restored_lines(rows: int, former: str | None) -> list[str]:
    lines = [f"restored {rows:,} rows"]
    if former:
        lines.append(
            f"the former register is kept as {former}; when you are sure: "
            f"menpai db drop --yes-delete {former}"
        )
    return lines


def _private(settings: Settings) -> Settings:
    if settings.database_url:
        raise EnvironmentFault(
            "MENPAI_DATABASE_URL names a server that Menpai does not run",
            hint="use that server's own tools, or unset MENPAI_DATABASE_URL",
        )
    return settings
