"""menpai placenames namesakes, decide, suspects: one place or two?"""

from operator import attrgetter
from typing import Annotated

import typer

from address_model.codes import format_code
from service.cli.members import acting
from service.cli.options import Json, open_database
from service.core.errors import BadRequest
from service.core.output import SOME_REFUSED, result
from service.core.paging import page_of
from service.imports.commands import answer_question, list_questions
from service.naming.queries import list_suspects

app = typer.Typer()

Number = Annotated[str, typer.Argument(help="The place's number, as `namesakes` prints it.")]


@app.command()
def namesakes(
    *,
    county: Annotated[str, typer.Option(help="County, 6 digits, or their beginning.")] = "",
    as_json: Json = False,
) -> None:
    """List the questions that imported rows wait for: one street in two townships, or two?"""
    with open_database().reading() as session:
        found = list_questions(session, county=county)
    questions, lines = [], []
    for one in found:
        place = one.place
        values = {
            "place": place.number,
            "name": place.name,
            "lies_in": [township.name for township in place.townships],
            "township": one.township,
            "township_name": one.township_name,
            "qualifier": one.qualifier,
            "reason": one.reason,
            "rows": one.rows,
            "examples": list(one.examples),
        }
        questions.append(values)
        there = "、".join(township.name or "（未注明乡镇街道）" for township in place.townships)
        names = f"{place.name}：{there} / {one.township_name or one.township}"
        lines.append(f"{names}  {one.rows} rows wait  {one.reason}")
        lines += [f"    {example}" for example in one.examples]
        qualified = f" --qualifier {one.qualifier}" if one.qualifier else ""
        answer = f"{place.number} {one.township}{qualified} --one | --two"
        lines.append(f"    menpai placenames decide {answer}")
    result({"questions": questions}, lines or ["nothing waits"], as_json=as_json)


@app.command()
def decide(
    number: Number,
    township: Annotated[str, typer.Argument(help="The township's 12-digit code.")] = "",
    *,
    one: Annotated[bool, typer.Option("--one", help="It is the same place.")] = False,
    two: Annotated[bool, typer.Option("--two", help="It is another place.")] = False,
    qualifier: Annotated[
        str, typer.Option(help="The community of a natural village, as `namesakes` prints it.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Decide whether two namesakes are one place; all rows that waited for it are stored."""
    if one == two:
        raise BadRequest("decide whether they are one place or two", hint="give --one or --two")
    with open_database().session() as session:
        done = answer_question(
            session, number, township, acting(session), is_one=one, qualifier=qualifier
        )
    counts = {
        "new": len(done.new),
        "changed": len(done.changed) + len(done.identified) + len(done.gated),
        "same": len(done.same),
        "conflicts": len(done.conflicts),
        "errors": len(done.errors),
    }
    refused = [*done.conflicts, *done.errors]
    lines = [", ".join(f"{count} {name}" for name, count in counts.items())]
    lines += [
        f"row {r.row.number}: {r.row.draft.text}: {r.fault.reason}；{r.fault.hint}" for r in refused
    ]
    told = [
        {"row": r.row.number, "rule": r.fault.rule, "reason": r.fault.reason, "hint": r.fault.hint}
        for r in refused
    ]
    result(counts | {"refused": told}, lines, as_json=as_json)
    if refused:
        raise typer.Exit(SOME_REFUSED)


@app.command()
def suspects(
    *,
    county: Annotated[str, typer.Option(help="County, 6 digits, or their beginning.")] = "",
    after: Annotated[str, typer.Option(help="Code of the last door of the page before.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 100,
    as_json: Json = False,
) -> None:
    """List doors that may be two houses under one code, with reasons; exits with 1 if any."""
    with open_database().reading() as session:
        rows = list_suspects(session, county=county, after=after, limit=limit + 1)
    found, following = page_of(rows, limit, attrgetter("code"))
    listed = [{"code": o.code, "text": o.text, "reasons": list(o.reasons)} for o in found]
    lines = [f"{format_code(o.code)}  {o.text}  {'；'.join(o.reasons)}" for o in found]
    if following:
        lines.append(f"more: --after {following}")
    result({"suspects": listed, "next": following}, lines or ["no suspects"], as_json=as_json)
    if found:
        raise typer.Exit(SOME_REFUSED)
