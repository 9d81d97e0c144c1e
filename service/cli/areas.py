"""menpai areas: load and report areas, link addresses to them, by point or manually."""

from pathlib import Path
from typing import Annotated

import typer

from service.areas.coverage import check_coverage
from service.areas.export import write_areas
from service.areas.features import read_features
from service.areas.files import Refusals
from service.areas.headings import read_kind
from service.areas.queries import list_held_areas
from service.areas.rows import read_area_features
from service.audit.commands import record_export
from service.cli.area_lines import (
    coverage_lines,
    coverage_values,
    link_lines,
    load_counts,
    load_lines,
)
from service.cli.members import acting
from service.cli.options import Json, open_database
from service.core.clock import today
from service.core.errors import BadRequest
from service.core.output import SOME_REFUSED, progress, result, say
from service.core.sheets import write_errors
from service.linking import commands as linking
from service.linking.queries import build_report

app = typer.Typer(help="Areas (责任区) and the addresses in them.", no_args_is_help=True)
Kind = Annotated[str, typer.Option(help="Kind of area: 社区, 网格, 警务区, or a word.")]
Crs = Annotated[
    str, typer.Option(help="4490, 4326, gcj02, bd09 or EPSG:n; by default the file's own.")
]
Layer = Annotated[str, typer.Option(help="Layer of a GeoPackage with several.")]
RepairShape = Annotated[bool, typer.Option("--mend", help="Make invalid borders valid.")]
EndMissing = Annotated[
    bool,
    typer.Option(
        "--end-missing",
        help="The file is complete for its kinds and divisions: end all other areas.",
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Report only; store nothing.")]
Errors = Annotated[
    Path | None, typer.Option(help="Where refused features go; default FILE-errors.csv.")
]


@app.command()
def load(
    file: Annotated[
        Path, typer.Argument(help="GeoJSON; with the extra gis .gpkg, .shp or a zipped .shp.")
    ],
    *,
    kind: Kind = "",
    crs: Crs = "",
    layer: Layer = "",
    repair_shape: RepairShape = False,
    end_missing: EndMissing = False,
    dry_run: DryRun = False,
    errors: Errors = None,
    as_json: Json = False,
) -> None:
    """Load areas; a changed border becomes a new version, and addresses it affects are relinked.

    An area is identified by kind and code (or name); loading the same file again changes nothing.
    """
    database = open_database()
    features = read_features(file, crs=crs, layer=layer)
    listed, faults = read_area_features(features, kind=_kind(kind), repair_shape=repair_shape)
    for area in listed:
        if area.mended:
            say(f"{area.name}: {area.mended}")
    done = linking.load_and_link(
        database, listed, acting(database), today=today(), end_missing=end_missing, dry_run=dry_run
    )
    refusals = Refusals(features.headings, {one.row.number: one.row for one in features.listed})
    refusals.add([*faults, *done.areas.faults])
    out = errors or file.with_name(f"{file.stem}-errors.csv")
    with write_errors(out, refusals.headings) as refused:
        for row, row_faults in refusals.listed():
            refused.add(row, row_faults)
    counts = load_counts(done) | {"refused": len(refusals.faults)}
    result(
        counts | {"coverage": coverage_values(done.coverage)},
        load_lines(counts, refusals, out, dry_run=dry_run) + coverage_lines(done.coverage),
        as_json=as_json,
    )
    if refusals.faults:
        raise typer.Exit(SOME_REFUSED)


@app.command()
def link(*, as_json: Json = False) -> None:
    """Link every address to the areas it lies in; correct links are not rewritten."""
    database = open_database()
    actor = acting(database)
    with progress("linking", None) as bar:
        counts = linking.link_register(database, actor, advance=bar.advance)
    result(
        {"addresses": counts.addresses, "linked": counts.added, "unlinked": counts.removed,
         "same": counts.same},
        [f"{counts.addresses} addresses: {counts.added} links new, {counts.removed} taken away, "
         f"{counts.same} same"],
        as_json=as_json,
    )  # fmt: skip


@app.command("export")
def export_file(
    out: Annotated[
        Path, typer.Argument(help=".geojson; with the extra gis .gpkg, or .zip with a Shapefile.")
    ],
    *,
    kind: Kind = "",
    as_json: Json = False,
) -> None:
    """Write the current areas, each with its version, for editing and loading again."""
    wanted = _kind(kind)
    with open_database().session() as session:
        actor = acting(session)
        areas = list_held_areas(session, kinds=[wanted] if wanted else [], living_on=today())
        write_areas(areas, out)
        record_export(session, actor, "areas", out, len(areas))
    result(
        {"areas": len(areas), "file": str(out)}, [f"{len(areas)} areas → {out}"], as_json=as_json
    )


@app.command()
def report(*, kind: Kind = "", as_json: Json = False) -> None:
    """Report areas that overlap or leave gaps, and addresses in no area or in two."""
    day, wanted = today(), _kind(kind)
    with open_database().reading() as session:
        areas = list_held_areas(session, kinds=[wanted] if wanted else [], living_on=day)
        links = build_report(session, day, kind=wanted)
    coverage = check_coverage([area.drawn for area in areas])
    result(
        {
            "addresses": links.addresses,
            "without_point": links.without_point,
            "links": [
                {
                    "kind": one.kind,
                    "areas": one.areas,
                    "linked": one.linked,
                    "by_hand": one.by_hand,
                    "in_none": one.outside_count,
                    "in_two": one.doubled_count,
                    "first_in_none": list(one.outside),
                    "first_in_two": list(one.doubled),
                }
                for one in links.kinds
            ],
            "coverage": coverage_values(coverage),
        },
        link_lines(links) + coverage_lines(coverage),
        as_json=as_json,
    )


@app.command()
def assign(
    code: Annotated[str, typer.Argument(help="Address code.")],
    area: Annotated[str, typer.Argument(help="Code of the area the address belongs to.")],
    *,
    reason: Annotated[str, typer.Option(help="Why the point is not enough.")],
    kind: Kind = "",
    as_json: Json = False,
) -> None:
    """Set the area of an address manually; relinking keeps it."""
    with open_database().session() as session:
        chosen = linking.assign_area(
            session, code, area,
            kind=_kind(kind), reason=reason, actor=acting(session), today=today(),
        )  # fmt: skip
    said = f"{code} lies in {chosen.kind} {chosen.code}, set by hand"
    result({"code": code, "kind": chosen.kind, "area": chosen.code}, [said], as_json=as_json)


@app.command()
def unassign(
    code: Annotated[str, typer.Argument(help="Address code.")],
    kind: Annotated[str, typer.Option(help="Kind of area: 社区, 网格, 警务区, or a word.")],
    *,
    as_json: Json = False,
) -> None:
    """Remove a manual assignment; the point of the address decides again."""
    with open_database().session() as session:
        done = linking.unassign_area(session, code, _kind(kind), acting(session), today=today())
    said = "its point decides again" if done else "nothing was set by hand"
    result({"code": code, "unassigned": done}, [f"{code}: {said}"], as_json=as_json)


def _kind(text: str) -> str:
    kind = read_kind(text) if text else ""
    if kind is None:
        raise BadRequest(f"{text!r} is no kind of area", hint="say 社区, 网格, 警务区, or a word")
    return kind
