"""menpai divisions imprint, imprints: the issuer and postcode on a division's plates."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.members import acting
from service.cli.options import Json, open_database
from service.core.errors import BadRequest
from service.core.output import result
from service.core.sheets import open_rows
from service.divisions.commands import set_imprint
from service.divisions.imprints import COLUMNS, Imprint
from service.divisions.queries import Imprints, get_division_by_text

app = typer.Typer()


@app.command("imprint")
def one(
    division: Annotated[str, typer.Argument(help="Code or name of the division.")],
    *,
    issuer: Annotated[
        str | None, typer.Option(help="The issuer (监制), as printed on plates.")
    ] = None,
    postcode: Annotated[
        str | None, typer.Option(help="Six digits, for plates that show it.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Set what is printed at the foot of a division's plates; without options only show it.

    It also holds for divisions below that have none of their own; without any, plates bear
    MENPAI_OPERATOR. An empty text removes an imprint.
    """
    with open_database().session() as session:
        row = get_division_by_text(session, division)
        if issuer is not None or postcode is not None:
            held = Imprints(session).given(row.code)
            wanted = Imprint(
                held.issuer if issuer is None else issuer.strip(),
                held.postcode if postcode is None else postcode.strip(),
            )
            set_imprint(session, row.code, wanted, acting(session))
        found = Imprints(session).of_code(row.code)
    result(
        {"division": row.code, "issuer": found.issuer, "postcode": found.postcode},
        [f"{row.code}  {row.name}: {found.issuer or '(MENPAI_OPERATOR)'}  {found.postcode or '-'}"],
        as_json=as_json,
    )


@app.command("imprints")
def many(
    file: Annotated[Path, typer.Argument(help="CSV, TSV, XLSX or NDJSON; .gz too.")],
    *,
    as_json: Json = False,
) -> None:
    """Load imprints: columns division (区划), issuer (监制), postcode (邮政编码); all or none."""
    with open_rows(file) as rows, open_database().session() as session:
        count = 0
        for row in rows:
            told = {
                name: str(row.values.get(name) or row.values.get(heading) or "").strip()
                for name, heading in COLUMNS.items()
            }
            if not told["division"]:
                raise BadRequest(
                    f"row {row.number} names no division", hint="fill the column division (区划)"
                )
            imprint = Imprint(told["issuer"], told["postcode"])
            set_imprint(session, told["division"], imprint, acting(session))
            count += 1
    result({"imprints": count}, [f"{count} imprints loaded"], as_json=as_json)
