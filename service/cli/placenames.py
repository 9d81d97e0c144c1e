"""menpai placenames: find place names, link addresses to them, by rule and by hand."""

from typing import Annotated

import typer

from service.cli.options import Json, open_database
from service.core.actor import COMMAND_LINE
from service.core.output import result
from service.placenames import commands
from service.placenames.queries import NameFilter, list_place_names

app = typer.Typer(help="Place names (地名) and the addresses at them.", no_args_is_help=True)
Code = Annotated[str, typer.Argument(help="Address code.")]
Number = Annotated[str, typer.Argument(help="Number of the place name, as `find` prints it.")]


@app.command()
def find(
    text: Annotated[str, typer.Argument(help="Characters, pinyin, or a former name.")] = "",
    *,
    division: Annotated[str, typer.Option(help="Code of a division, or its beginning.")] = "",
    needs_review: Annotated[
        bool, typer.Option("--needs-review", help="Only those whose reading is a guess.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Find place names by any name they have or had."""
    wanted = NameFilter(text, division, needs_review=True if needs_review else None)
    with open_database().reading() as session:
        found = list_place_names(session, wanted)
    result(
        {"place_names": [
            {"number": one.number, "name": one.standard_name, "pinyin": one.pinyin,
             "needs_review": one.needs_review, "division": one.division}
            for one in found
        ]},
        [
            f"{one.number}  {one.standard_name}  {one.pinyin}"
            f"{' (to be confirmed)' if one.needs_review else ''}  {one.division}"
            for one in found
        ] or ["none found"],
        as_json=as_json,
    )  # fmt: skip


@app.command()
def link(*, as_json: Json = False) -> None:
    """Link addresses to the streets and villages they bear; links by hand stay."""
    with open_database().session() as session:
        done = commands.link_places(session, COMMAND_LINE)
    lines = [f"{done.added} links new, {done.removed} taken away, {done.same} same"]
    lines += [f"{one}: another place has this name here; link by hand" for one in done.unclear]
    counts = {"linked": done.added, "unlinked": done.removed, "same": done.same}
    result(counts | {"unclear": done.unclear}, lines, as_json=as_json)


@app.command()
def assign(
    code: Code,
    number: Number,
    *,
    reason: Annotated[str, typer.Option(help="Why the rule does not tell.")],
    kind: Annotated[
        str, typer.Option(help="building, street, village, derived or historical.")
    ] = "historical",
    as_json: Json = False,
) -> None:
    """Say by hand that an address lies at a place name; it stays so through every linking."""
    with open_database().session() as session:
        commands.assign_place(session, code, number, kind=kind, reason=reason, actor=COMMAND_LINE)
    said = f"{code} lies at {number}, set by hand"
    result({"code": code, "place_name": number, "kind": kind}, [said], as_json=as_json)


@app.command()
def unassign(code: Code, number: Number, *, as_json: Json = False) -> None:
    """Take a link away; the next `link` decides again."""
    with open_database().session() as session:
        done = commands.unassign_place(session, code, number, COMMAND_LINE)
    said = "unlinked" if done else "was not linked"
    result({"code": code, "unassigned": done}, [f"{code}: {said}"], as_json=as_json)
