"""menpai audit: verify the chain of who did what."""

import typer

from service.audit.queries import verify_chain
from service.cli.options import Json, open_database
from service.core.output import SOME_REFUSED, result

app = typer.Typer(help="The audit chain.", no_args_is_help=True)


@app.command()
def verify(*, as_json: Json = False) -> None:
    """Compute every hash of the chain again and say where it breaks, if it does."""
    with open_database().reading() as session:
        verdict = verify_chain(session)
    said = (
        f"{verdict.entries} entries, the chain is whole"
        if verdict.is_whole
        else f"the chain breaks at entry {verdict.first_broken}"
    )
    result(
        {"entries": verdict.entries, "first_broken": verdict.first_broken}, [said], as_json=as_json
    )
    if not verdict.is_whole:
        raise typer.Exit(SOME_REFUSED)
