"""menpai placenames: find, spell, import and export names; link addresses to them."""

from pathlib import Path
from typing import Annotated

import typer

from address_model.same_names import KINDS
from service.cli.export import exporting
from service.cli.members import acting
from service.cli.options import Json, Seen, open_database
from service.core.errors import BadRequest
from service.core.output import SOME_REFUSED, result
from service.core.sheets import open_rows
from service.linking import commands as linking
from service.naming.queries import list_confusable
from service.placenames import commands
from service.placenames.queries import NameFilter, find_versions, list_place_names

MOST_EXPORTED = 10_000_000
app = typer.Typer(help="Place names (地名) and the addresses at them.", no_args_is_help=True)
Code = Annotated[str, typer.Argument(help="Address code.")]
Number = Annotated[str, typer.Argument(help="Number of the place name, as `find` prints it.")]


@app.command()
def find(
    text: Annotated[str, typer.Argument(help="Characters, pinyin, or a former name.")] = "",
    *,
    division: Annotated[str, typer.Option(help="Code of a division, or its beginning.")] = "",
    needs_review: Annotated[
        bool, typer.Option("--needs-review", help="Only those whose reading is guessed.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Find place names by any present or former name."""
    wanted = NameFilter(text, division, needs_review=True if needs_review else None)
    with open_database().reading() as session:
        found = list_place_names(session, wanted)
        versions = find_versions(session, [one.number for one in found])
    result(
        {"place_names": [
            {"number": one.number, "name": one.standard_name, "pinyin": one.pinyin,
             "needs_review": one.needs_review, "division": one.division,
             "version": versions[one.number]}
            for one in found
        ]},
        [
            f"{one.number}  {one.standard_name}  {one.pinyin}"
            f"{' (to be confirmed)' if one.needs_review else ''}  {one.division}"
            for one in found
        ] or ["none found"],
        as_json=as_json,
    )  # fmt: skip


@app.command("check-name")
def check_name(
    name: Annotated[str, typer.Argument(help="The proposed name.")],
    *,
    kind: Annotated[str, typer.Option(help=f"One of {', '.join(KINDS)}.")],
    division: Annotated[str, typer.Option(help="Code of the division it is proposed for.")],
    as_json: Json = False,
) -> None:
    """Check whether a new name equals an existing one, or sounds the same."""
    if kind not in KINDS:
        raise BadRequest(f"{kind!r} is no kind of name", hint=f"one of {', '.join(KINDS)}")
    with open_database().reading() as session:
        found = list_confusable(session, name, kind, division)
    result(
        {"name": name, "confusable": [
            {"likeness": one.likeness, "name": one.name, "division": one.division,
             "known_as": one.known_as} for one in found
        ]},
        [f"{one.likeness}: {one.name}  {one.division}  ({one.known_as})" for one in found]
        or [f"nothing in the register is like {name}"],
        as_json=as_json,
    )  # fmt: skip
    if found:
        raise typer.Exit(SOME_REFUSED)


@app.command()
def spell(
    number: Number,
    reading: Annotated[str, typer.Argument(help="With tone marks, as in 'Tiāntāi Xiàn'.")],
    *,
    source: Annotated[str, typer.Option(help="The document or person that confirms it.")],
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """Set the reading of a name manually: audited, and kept by later loads."""
    with open_database().session() as session:
        record = commands.set_reading(
            session, number, reading, source=source, actor=acting(session), seen=seen
        )
    said = f"{number} {record.standard_name} is read {record.pinyin}"
    result({"number": number, "pinyin": record.pinyin, "source": source}, [said], as_json=as_json)


@app.command("export")
def export(
    out: Annotated[Path, typer.Argument(help="CSV, TSV, XLSX or NDJSON; .gz too.")],
    *,
    division: Annotated[str, typer.Option(help="Code of a division, or its beginning.")] = "",
    as_json: Json = False,
) -> None:
    """Export place names under the field names of the national database (国家地名信息库)."""
    wanted = NameFilter(division=division)
    with exporting("place_names", out, division=division) as export:
        records = list_place_names(export.session, wanted, limit=MOST_EXPORTED)
        export.count = commands.export_national(export.session, records, out)
    export.report("place names", as_json=as_json)


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    *,
    plan: Annotated[
        str,
        typer.Option(help="Document of the protective measures, required if listed names change."),
    ] = "",
    as_json: Json = False,
) -> None:
    """Import place names under the field names of the national database; data here is kept."""
    with open_rows(file, unprotect=True) as rows, open_database().session() as session:
        report = commands.import_national(session, rows, acting(session), plan=plan)
    lines = [
        f"{len(report.new)} new, {len(report.changed)} changed, {report.same} same, "
        f"{len(report.refused)} refused"
    ]
    lines += [f"row {row}: {why}" for row, why in report.refused]
    result(
        {"new": report.new, "changed": report.changed, "same": report.same,
         "refused": [{"row": row, "reason": why} for row, why in report.refused]},
        lines,
        as_json=as_json,
    )  # fmt: skip
    if report.refused:
        raise typer.Exit(SOME_REFUSED)


@app.command()
def link(*, as_json: Json = False) -> None:
    """Link addresses to place names again, and repair links that are missing or stale."""
    with open_database().session() as session:
        done = linking.link_places(session, acting(session))
    lines = [f"{done.added} links were missing, {done.removed} were stale"]
    lines += [f"{one}: addresses count along another place of this name" for one in done.unclear]
    counts = {"linked": done.added, "unlinked": done.removed}
    result(counts | {"unclear": done.unclear}, lines, as_json=as_json)


@app.command()
def assign(
    code: Code,
    number: Number,
    *,
    reason: Annotated[str, typer.Option(help="Why the rule is not enough.")],
    kind: Annotated[
        str, typer.Option(help="building, street, village, derived or historical.")
    ] = "historical",
    as_json: Json = False,
) -> None:
    """Link an address to a place name manually; later linking keeps it."""
    with open_database().session() as session:
        linking.assign_place(session, code, number, kind=kind, reason=reason, actor=acting(session))
    said = f"{code} lies at {number}, set by hand"
    result({"code": code, "place_name": number, "kind": kind}, [said], as_json=as_json)


@app.command()
def unassign(code: Code, number: Number, *, as_json: Json = False) -> None:
    """Remove a link; the next `link` decides again."""
    with open_database().session() as session:
        done = linking.unassign_place(session, code, number, acting(session))
    said = "unlinked" if done else "was not linked"
    result({"code": code, "unassigned": done}, [f"{code}: {said}"], as_json=as_json)
