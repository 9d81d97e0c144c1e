"""menpai heritage: load the shipped catalogue, and look into it."""

from typing import Annotated

import typer

from address_model.shipped import data_folder
from service.cli.options import Json, open_database
from service.core.actor import COMMAND_LINE
from service.core.output import SOME_REFUSED, result, say
from service.heritage import commands, queries
from service.heritage.seed import read_seed

app = typer.Typer(help="Heritage of place names (地名文化遗产).", no_args_is_help=True)


@app.command()
def load(
    *,
    over_reviewed: Annotated[
        bool, typer.Option("--over-reviewed", help="Also overwrite entries reviewed here.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Load the catalogue of Zhejiang that Menpai ships; the same again changes nothing."""
    say("loading the catalogue …")
    seed = read_seed(data_folder() / "heritage")
    with open_database().session() as session:
        report = commands.load_catalogue(
            session, seed.entries, seed.schemes, COMMAND_LINE, over_reviewed=over_reviewed
        )
    lines = [
        f"{len(report.new)} new, {len(report.changed)} changed, {report.same} same, "
        f"{len(report.kept)} reviewed here and left alone, {report.schemes} schemes written"
    ]
    lines += [f"{key}: {why}; load the divisions first" for key, why in report.refused.items()]
    result(
        {"new": len(report.new), "changed": len(report.changed), "same": report.same,
         "kept": report.kept, "refused": report.refused, "schemes": report.schemes},
        lines,
        as_json=as_json,
    )  # fmt: skip
    if report.refused:
        raise typer.Exit(SOME_REFUSED)


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
