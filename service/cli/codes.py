"""menpai codes: explain a code, and look at what a county has given out."""

from typing import Annotated

import typer

from address_model.codes import InvalidCode, format_code, parse_code
from service.addresses import queries
from service.cli.options import Json, open_database
from service.core.errors import DivisionNotFound, MalformedCode
from service.core.output import result
from service.divisions.queries import get_division

app = typer.Typer(help="Address codes (地址编码).", no_args_is_help=True)


@app.command()
def explain(
    code: Annotated[str, typer.Argument(help="16 digits; spaces and dashes are allowed.")],
    *,
    as_json: Json = False,
) -> None:
    """Say what each part of a code means, and which address has it."""
    try:
        parsed = parse_code(code)
    except InvalidCode as error:
        raise MalformedCode(str(error), mend="compare it with the plate") from error
    with open_database().reading() as session:
        try:
            county = get_division(session, parsed.county).name
        except DivisionNotFound:
            county = "not in the register"
        found = queries.find_addresses(session, [parsed.digits]).get(parsed.digits)
    text = found.standard_text if found else "given to no address"
    result(
        {
            "code": parsed.digits,
            "county": parsed.county,
            "county_name": county,
            "serial": parsed.serial,
            "check_digits": parsed.digits[14:],
            "address": found.standard_text if found else None,
            "status": found.status if found else None,
        },
        [
            f"{format_code(parsed)}",
            f"  {parsed.county}    county that issued it: {county}",
            f"  {parsed.serial}  serial, scattered: neighbours have unlike codes",
            f"  {parsed.digits[14:]}        check digits (ISO 7064 MOD 97-10): right",
            f"  {text}",
        ],
        as_json=as_json,
    )
