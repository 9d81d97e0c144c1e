"""What the commands about areas and duties print: lines for people, values for --json."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from service.areas.coverage import KindCoverage
from service.areas.files import Refusals
from service.linking.commands import AreaLoad
from service.linking.queries import LinkReport

SHOWN = 10
"""At most this many faults of each kind are printed; --json gives all."""


def load_counts(done: AreaLoad) -> dict[str, int]:
    """The counts of a load, by name."""
    return {
        "new": done.areas.new,
        "changed": done.areas.changed,
        "same": done.areas.same,
        "ended": done.areas.ended,
        "linked": done.links.added,
        "unlinked": done.links.removed,
    }


def load_lines(
    counts: Mapping[str, int], refusals: Refusals, out: Path, *, dry_run: bool
) -> list[str]:
    """Counts, and the reasons of the first refused rows."""
    said = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
    lines = [f"would be: {said}" if dry_run else said]
    shown = refusals.listed()[:SHOWN]
    for row, faults in shown:
        lines += [f"  row {row.number}, {f.field}: {f.reason}. Hint: {f.hint}" for f in faults]
    if len(refusals.faults) > len(shown):
        lines.append(f"  … and {len(refusals.faults) - len(shown)} more")
    if refusals.faults:
        lines.append(f"refused rows, with reason and hint: {out}")
    return lines


def link_lines(report: LinkReport) -> list[str]:
    """One line per kind, and the first addresses that lie in none or in two."""
    lines = [f"{report.addresses} addresses, {report.without_point} of them without a point"]
    for one in report.kinds:
        lines.append(
            f"{one.kind}: {one.areas} areas, {one.linked} addresses linked, {one.by_hand} of them "
            f"by hand; {one.outside_count} in none, {one.doubled_count} in two"
        )
        lines += [f"  in none: {code}" for code in one.outside[:SHOWN]]
        lines += [f"  in two:  {code}" for code in one.doubled[:SHOWN]]
    return lines


def coverage_lines(coverage: Sequence[KindCoverage]) -> list[str]:
    """The largest overlaps and gaps of each kind."""
    lines = []
    for one in coverage:
        if one.overlaps:
            lines.append(f"{one.kind}: {len(one.overlaps)} overlaps")
        lines += [
            f"  {o.m2:>12,.0f} m²  {o.one} / {o.other}, at {o.place.lon}, {o.place.lat}"
            for o in one.overlaps[:SHOWN]
        ]
        if one.gaps:
            lines.append(f"{one.kind}: {len(one.gaps)} gaps")
        lines += [
            f"  {g.m2:>12,.0f} m²  between {' / '.join(g.neighbours)}, at {g.place.lon}, "
            f"{g.place.lat}"
            for g in one.gaps[:SHOWN]
        ]
    return lines


def coverage_values(coverage: Sequence[KindCoverage]) -> list[dict[str, object]]:
    """All overlaps and gaps with their size (m²) and a point in each."""
    return [
        {
            "kind": one.kind,
            "overlaps": [
                {"areas": [o.one, o.other], "m2": round(o.m2, 1), "at": [o.place.lon, o.place.lat]}
                for o in one.overlaps
            ],
            "gaps": [
                {
                    "between": list(g.neighbours),
                    "m2": round(g.m2, 1),
                    "at": [g.place.lon, g.place.lat],
                }
                for g in one.gaps
            ],
        }
        for one in coverage
    ]
