"""menpai parse and parse-file: what an address text says, without a database."""

import json
from pathlib import Path
from typing import Annotated

import orjson
import typer

from address_model.elements import elements_to_plain, standard_text
from address_model.gazetteer import load_gazetteer
from address_model.parsing import Parse
from address_model.parsing import parse as read_text
from service.cli.options import Json
from service.core.errors import LineUnreadable
from service.core.output import progress, result
from service.core.sheets import whole_file


def parse(
    text: Annotated[str, typer.Argument(help="An address as people write it.")],
    *,
    explain: Annotated[bool, typer.Option("--explain", help="Show what each rule did.")] = False,
    as_json: Json = False,
) -> None:
    """Read an address: its elements with their positions in the text, its plates, a verdict.

    Verdicts: OK one plate, LIST several, NOPLATE none, AMBIG a person must decide.
    """
    reading = read_text(text, load_gazetteer(), explain=explain)
    lines = [f"{reading.verdict}  {reading.division or 'division unknown'}"]
    lines += [f"  {e.level:<16} {e.text}  [{e.start}:{e.end}]" for e in reading.elements]
    lines += [f"  plate            {standard_text(plate)}" for plate in reading.plates]
    lines += [f"  because          {reason}" for reason in reading.reasons]
    if explain:
        lines += [f"  step             {step.rule}: {step.effect}" for step in reading.steps]
    result(as_plain(reading), lines, as_json=as_json)


def parse_file(
    source: Annotated[Path, typer.Argument(exists=True, help='Lines of {"text": …}.')],
    out: Annotated[Path, typer.Argument(help="Lines of text, elements, plates and verdict.")],
    *,
    as_json: Json = False,
) -> None:
    """Read a file of addresses, one JSON object per line; write the readings in order."""
    gazetteer = load_gazetteer()
    verdicts: dict[str, int] = {}
    with (
        source.open(encoding="utf-8") as lines,
        whole_file(out) as part,
        part.open("wb") as sink,
        progress("parsing", None) as bar,
    ):
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                text = str(json.loads(line)["text"])
            except (ValueError, KeyError, TypeError) as error:
                raise LineUnreadable(
                    f"line {number} is not a JSON object with a field text",
                    hint='write each line as {"text": "…"}',
                ) from error
            reading = read_text(text, gazetteer)
            verdicts[reading.verdict] = verdicts.get(reading.verdict, 0) + 1
            sink.write(orjson.dumps(as_plain(reading)) + b"\n")
            bar.advance()
    total = sum(verdicts.values())
    said = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
    result({"texts": total, **verdicts}, [f"{total} texts: {said} → {out}"], as_json=as_json)


def as_plain(reading: Parse) -> dict[str, object]:
    """A reading as JSON values: text, elements, plates, verdict, division, reasons."""
    return {
        "text": reading.text,
        "elements": [list(element) for element in reading.elements],
        "plates": [
            {"standard_text": standard_text(plate), **elements_to_plain(plate)}
            for plate in reading.plates
        ],
        "verdict": str(reading.verdict),
        "division": reading.division,
        "reasons": list(reading.reasons),
    }
