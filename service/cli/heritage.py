"""menpai heritage: load the shipped catalogue, check, search, export, import, merge entries."""

from pathlib import Path
from typing import Annotated

import typer

from address_model.division_codes import division_prefix
from address_model.shipped import data_folder
from service.cli.export import exporting
from service.cli.members import acting
from service.cli.options import Json, open_database
from service.core.clock import today
from service.core.output import SOME_REFUSED, result, say
from service.core.settings import get_settings
from service.heritage import commands, queries
from service.heritage.files import read_catalogue, write_catalogue
from service.heritage.seed import read_seed

MOST_EXPORTED = 1_000_000
app = typer.Typer(help="Heritage of place names (地名文化遗产).", no_args_is_help=True)


@app.command()
def load(
    *,
    over_reviewed: Annotated[
        bool, typer.Option("--over-reviewed", help="Also overwrite entries reviewed here.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Load the shipped catalogue of Zhejiang; loading it again changes nothing."""
    say("loading the catalogue …")
    seed = read_seed(data_folder() / "heritage")
    with open_database().session() as session:
        report = commands.load_catalogue(
            session, seed.entries, seed.schemes, acting(session), over_reviewed=over_reviewed
        )
    lines = [
        f"{len(report.new)} new, {len(report.changed)} changed, {report.same} same, "
        f"{len(report.kept)} reviewed here and left alone, {report.schemes} schemes written"
    ]
    lines += [f"{key}: reviewed or merged here, left as it is" for key in report.kept]
    lines += [f"{key}: {why}; load the divisions first" for key, why in report.refused.items()]
    result(
        {"new": len(report.new), "changed": len(report.changed), "same": report.same,
         "kept": report.kept, "refused": report.refused, "schemes": report.schemes},
        lines,
        as_json=as_json,
    )  # fmt: skip
    if report.refused:
        raise typer.Exit(SOME_REFUSED)


@app.command()
def check(*, as_json: Json = False) -> None:
    """List what in the catalogue does not fit together, entry by entry, for an editor.

    A name older than its settlement, a recognition without a source, a year outside its reign, a
    source far from what it attests, a story that names a later person.
    """
    with open_database().reading() as session:
        found = queries.list_inconsistent(session, today().year)
    lines = [
        f"{entry.id}  {entry.place.standard_name}  {one}" for entry, told in found for one in told
    ]
    count = sum(len(told) for _, told in found)
    lines.append(f"{count} inconsistencies in {len(found)} entries")
    result(
        {"entries": [
            {"id": entry.id, "name": entry.place.standard_name, "inconsistencies": told}
            for entry, told in found
        ]},
        lines,
        as_json=as_json,
    )  # fmt: skip


@app.command("find")
def find(
    text: Annotated[str, typer.Argument(help="Characters, pinyin, or a former name.")],
    *,
    as_json: Json = False,
) -> None:
    """Find entries by a present or former name."""
    with open_database().reading() as session:
        found = queries.list_summaries(session, queries.EntryFilter(text=text))
    result(
        {"entries": [{"id": one.id, "name": one.name, "county": one.county} for one in found]},
        [f"{one.id}  {one.name}  {one.city}{one.county}  {one.story_zh}" for one in found]
        or ["none found"],
        as_json=as_json,
    )


@app.command("export")
def export(
    out: Annotated[
        Path, typer.Argument(help=".jsonld (Linked Places), .geojson, .csv, .xlsx, .ndjson; .gz.")
    ],
    *,
    division: Annotated[str, typer.Option(help="Code of a division, 2 to 12 digits.")] = "",
    heritage_class: Annotated[
        str, typer.Option("--class", help="Only entries of this class.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Write the catalogue to a file that can be imported again without loss."""
    base = str(get_settings().public_url).rstrip("/") + "/heritage/"
    wanted = queries.EntryFilter(division=division_prefix(division), heritage_class=heritage_class)
    asked = {"division": division, "heritage_class": heritage_class}
    with exporting("heritage", out, **asked) as taken:
        found = queries.list_summaries(taken.session, wanted, limit=MOST_EXPORTED)
        entries = queries.list_entries(taken.session, [one.id for one in found])
        write_catalogue(entries, out, base)
        taken.count = len(entries)
    taken.report("entries", as_json=as_json)


@app.command("import")
def import_file(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="A file as `export` writes it.")
    ],
    *,
    over_reviewed: Annotated[
        bool, typer.Option("--over-reviewed", help="Also overwrite entries reviewed here.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Import entries from Linked Places, GeoJSON or a table; reviewed ones are left alone."""
    read = read_catalogue(file)
    with open_database().session() as session:
        report = commands.load_catalogue(
            session, read.entries, [], acting(session), over_reviewed=over_reviewed
        )
    refused = dict(read.refused) | report.refused
    lines = [
        f"{len(report.new)} new, {len(report.changed)} changed, {report.same} same, "
        f"{len(report.kept)} reviewed here and left alone, {len(refused)} refused"
    ]
    lines += [f"{where}: {why}" for where, why in refused.items()]
    lines += [f"{where}, left out: {what}" for where, what in read.left_out]
    result(
        {"new": report.new, "changed": report.changed, "same": report.same, "kept": report.kept,
         "refused": refused,
         "left_out": [{"where": where, "what": what} for where, what in read.left_out]},
        lines,
        as_json=as_json,
    )  # fmt: skip
    if refused:
        raise typer.Exit(SOME_REFUSED)


@app.command()
def merge(
    old: Annotated[str, typer.Argument(help="Id of the entry that ends.")],
    into: Annotated[str, typer.Argument(help="Id of the entry that stays.")],
    *,
    reason: Annotated[str, typer.Option(help="Why the two are the same.")],
    as_json: Json = False,
) -> None:
    """Merge an entry into another; the old one's URL leads to the other permanently."""
    with open_database().session() as session:
        merged = commands.merge_entries(session, old, into, reason=reason, actor=acting(session))
    said = f"{old} is now {into} {merged.place.standard_name}"
    result({"old": old, "into": into, "links": list(merged.links)}, [said], as_json=as_json)
