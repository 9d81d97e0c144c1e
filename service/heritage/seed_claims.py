"""Reads the shipped claims and the citations that bear them."""

from datetime import date

from address_model.heritage.claims import Citation, Claim

Row = dict[str, str]


def claims_by_entry(claims: list[Row], citations: list[Row]) -> dict[str, tuple[Claim, ...]]:
    """The claims of each entry, in order of their number, with their citations.

    Args:
        claims: the rows of ``claims.csv``.
        citations: the rows of ``citations.csv``; ``claim`` is the number of a claim of the entry.
    """
    cited: dict[tuple[str, str], list[Citation]] = {}
    for row in citations:
        cited.setdefault((row["id"], row["claim"]), []).append(_citation(row))
    found: dict[str, list[Claim]] = {}
    for row in sorted(claims, key=lambda one: (one["id"], int(one["number"]))):
        own = tuple(cited.get((row["id"], row["number"]), ()))
        found.setdefault(row["id"], []).append(_claim(row, own))
    return {entry: tuple(own) for entry, own in found.items()}


def _claim(row: Row, citations: tuple[Citation, ...]) -> Claim:
    return Claim(
        subject=row["subject"],
        value=row["value"],
        kind=row["kind"],
        year=int(row["year"]) if row["year"] else None,
        precision=row["precision"],
        not_after=row["not_after"] == "yes",
        calendar_text=row["calendar_text"],
        citations=citations,
        note=row["note"],
    )


def _citation(row: Row) -> Citation:
    return Citation(
        title=row["title"],
        author=row["author"],
        published=row["published"],
        locator=row["locator"],
        url=row["url"],
        kind=row["kind"],
        seen_as=row["seen_as"],
        says=row["says"],
        read_on=date.fromisoformat(row["read_on"]) if row["read_on"] else None,
        note=row["note"],
    )
