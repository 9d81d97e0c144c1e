"""menpai codes: explain a code; reserve codes for future addresses."""

from typing import Annotated

import typer

from address_model.codes import InvalidCode, format_code, parse_code
from service.addresses import commands, queries
from service.cli.members import acting
from service.cli.options import Json, open_database
from service.core.errors import DivisionNotFound, MalformedCode
from service.core.output import result, say
from service.divisions.queries import get_division

app = typer.Typer(help="Address codes (地址编码).", no_args_is_help=True)


@app.command()
def reserve(
    county: Annotated[str, typer.Option(help="County, 6 digits.")],
    count: Annotated[int, typer.Option(help="How many.", min=1, max=100_000)],
    purpose: Annotated[str, typer.Option("--for", help="For whom or for what.")],
    *,
    as_json: Json = False,
) -> None:
    """Reserve codes of a county, for a builder say; print them, one per line.

    A list imported later with one of them in its column code uses it.
    """
    with open_database().session() as session:
        codes = commands.reserve_codes(session, county, count, purpose, acting(session))
    digits = [code.digits for code in codes]
    say(f"{count} codes are reserved for {purpose}")
    result({"codes": digits, "reserved_for": purpose}, digits, as_json=as_json)


@app.command()
def explain(
    code: Annotated[str, typer.Argument(help="16 digits; spaces and dashes are allowed.")],
    *,
    as_json: Json = False,
) -> None:
    """Explain the parts of a code, and show the address that has it."""
    try:
        parsed = parse_code(code)
    except InvalidCode as error:
        raise MalformedCode(str(error), hint="compare it with the plate") from error
    with open_database().reading() as session:
        try:
            county = get_division(session, parsed.county).name
        except DivisionNotFound:
            county = "not in the register"
        found = queries.find_addresses(session, [parsed.digits]).get(parsed.digits)
        purpose = queries.find_reserved(session, [parsed.digits]).get(parsed.digits)
    unused = f"reserved for {purpose}, not used yet" if purpose else "given to no address"
    text = found.standard_text if found else unused
    result(
        {
            "code": parsed.digits,
            "county": parsed.county,
            "county_name": county,
            "serial": parsed.serial,
            "check_digits": parsed.digits[14:],
            "address": found.standard_text if found else None,
            "status": found.status if found else None,
            "version": found.version if found else None,
            "reserved_for": purpose,
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
