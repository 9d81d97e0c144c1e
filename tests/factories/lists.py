"""Address lists as officers send them, and the results of importing them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict, Unpack

from sqlalchemy import text

from address_model.coordinates import CoordinateSystem
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.sheets import open_rows, write_errors
from service.imports.commands import ImportOptions, ImportReport, import_addresses
from service.imports.list_file import open_list
from service.matching.queries import resolve_many
from service.matching.resolution import Resolution
from service.matching.resolve_options import ResolveOptions
from tests.database import database_with_divisions

HEADINGS = "省,市,县,乡镇街道,街路巷,门牌号,室,经度,纬度\n"
ROW = "浙江省,杭州市,上城区,清波街道,河坊街,{number},{room},{lon},{lat}\n"


def door(number: str = "88号", room: str = "", lon: float = 120.165, lat: float = 30.24) -> str:
    return ROW.format(number=number, room=room, lon=lon, lat=lat)


class Declared(TypedDict, total=False):
    """The declarations an officer may make about a list."""

    system: CoordinateSystem
    dry_run: bool
    is_sample: bool
    with_parents: bool
    reuse_texts: bool
    division: str


@contextmanager
def listed_register(folder: Path, content: str) -> Iterator[Database]:
    """A register with the shipped divisions and one imported list."""
    with database_with_divisions() as made:
        held = Database(made.app_url)
        take_in(held, folder, content)
        yield held
        held.dispose()


def take_in(
    database: Database,
    folder: Path,
    content: str | bytes,
    *,
    name: str = "list.csv",
    maps: list[str] | None = None,
    **options: Unpack[Declared],
) -> ImportReport:
    """Import a list given as text; refused rows are in ``errors.csv`` of the folder."""
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return take_file(database, file, maps=maps, **options)


def take_file(
    database: Database, file: Path, *, maps: list[str] | None = None, **options: Unpack[Declared]
) -> ImportReport:
    """Import a file as the command does."""
    declared = ImportOptions(source="test", **options)
    errors_file = file.with_name("errors.csv")
    errors_file.unlink(missing_ok=True)
    with (
        open_list(file, overrides=maps or []) as opened,
        write_errors(errors_file, opened.rows.headings) as errors,
    ):
        return import_addresses(
            database, opened.rows, opened.reader, declared, COMMAND_LINE, errors=errors
        )


def counts(report: ImportReport) -> tuple[int, int, int, int, int]:
    return report.new, report.changed, report.same, report.conflicts, report.errors


def texts(database: Database) -> list[str]:
    with database.reading() as session:
        statement = text("select standard_text from address order by standard_text")
        return list(session.execute(statement).scalars())


def rules(folder: Path) -> dict[str, str]:
    """The rules of refused rows, by row number."""
    if not (folder / "errors.csv").exists():
        return {}
    return {row["menpai_row"]: row["menpai_rule"] for row in refused(folder)}


def refused(folder: Path) -> list[dict[str, str]]:
    with open_rows(folder / "errors.csv") as rows:
        return [dict(row.values) for row in rows]


def import_texts(
    database: Database, folder: Path, texts: Iterable[str], name: str = "list.csv"
) -> ImportReport:
    return take_in(database, folder, "地址\n" + "\n".join(texts) + "\n", name=name)


def ask(database: Database, *texts: str, focus: ResolveOptions | None = None) -> list[Resolution]:
    with database.reading() as session:
        return resolve_many(session, texts, focus or ResolveOptions())


def codes_of(database: Database) -> dict[str, str]:
    """Codes by standard text."""
    with database.reading() as session:
        rows = session.execute(text("select standard_text, code from address"))
        return dict(rows.all())
