"""The shipped heritage catalogue says what its sources say, and names them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from address_model.heritage.claims import ACCOUNT_KINDS, DATED, SEEN_AS, SOURCE_KINDS
from tests.shipped_data.catalogue_files import (
    HERITAGE,
    NEW_IDS,
    ROOT,
    SUBJECTS,
    Row,
    cited,
    exceptions,
    read_rows,
    researched,
    shipped,
)

WEAK = ("quoted_in_mirror", "not_seen")
PRECISIONS = {"", "year", "reign", "dynasty", "century", "circa"}
BARE_HOST = re.compile(r"(https?://)?[\w-]+(\.[\w-]+)+/?", re.ASCII)
SHORTHAND = re.compile(r"^(空|无|同上|缺.*)$|->|our value|better|待补")
CORRECTED = read_rows(Path(__file__).parent / "corrected_values.csv")


def research_rows() -> list[Row]:
    found = researched()
    if found is None:
        pytest.skip("the researched citations are not on this machine")
    return found


def key_of(row: Row) -> tuple[str, str, str]:
    return row["entry_id"], row["field"], row["our_value"]


def ids_of(row: Row) -> tuple[str, ...]:
    return NEW_IDS.get(row["entry_id"], (row["entry_id"],))


def claims_of(entry: str) -> list[Row]:
    return [one for one in shipped("claims") if one["id"] == entry]


def says(entry: str, text: str) -> bool:
    """Whether a claim of the entry holds a text; ``year=`` and ``says=`` ask those columns."""
    if text.startswith("says="):
        return any(one["id"] == entry and text[5:] in one["says"] for one in shipped("citations"))
    if text.startswith("year="):
        return any(one["year"] == text[5:] for one in claims_of(entry))
    return any(text in one["value"] or text in one["calendar_text"] for one in claims_of(entry))


def test_every_source_of_the_research_is_cited_under_its_subject() -> None:
    known = exceptions()
    missing = [
        (entry, row["field"], row["title"])
        for row in research_rows()
        if row["title"] and key_of(row) not in known
        for entry in ids_of(row)
        if not cited(row, entry)
    ]
    assert missing == []


def test_an_exception_is_one_and_says_why() -> None:
    rows = {key_of(row): row for row in research_rows()}
    for key, reason in exceptions().items():
        assert reason
        assert key in rows
        assert not any(cited(rows[key], entry) for entry in ids_of(rows[key]))


def test_every_contradicted_value_is_corrected_by_name_or_an_exception() -> None:
    named = {(row["entry_id"], row["field"], row["our_value"]) for row in CORRECTED}
    contradicted = {key_of(row) for row in research_rows() if row["verdict"] == "contradicts"}
    assert contradicted == named | (contradicted & set(exceptions()))
    assert len([row for row in research_rows() if row["verdict"] == "contradicts"]) == 32


@pytest.mark.parametrize("row", CORRECTED, ids=lambda row: f"{row['entry_id']} {row['our_value']}")
def test_a_contradicted_value_is_said_no_more_but_the_better_one_is(row: Row) -> None:
    assert not row["not_said"] or not says(row["entry_id"], row["not_said"])
    assert says(row["entry_id"], row["said"])


def test_what_was_not_found_is_noted_or_stands_on_weak_sources() -> None:
    seen = shipped("citations")
    for row in research_rows():
        if row["verdict"] != "not found":
            continue
        for entry in ids_of(row):
            claims = [one for one in claims_of(entry) if one["subject"] in SUBJECTS[row["field"]]]
            numbers = {one["number"] for one in claims}
            ways = [
                one["seen_as"] for one in seen if one["id"] == entry and one["claim"] in numbers
            ]
            assert any(one["note"] for one in claims) or all(way in WEAK for way in ways), entry


def test_every_citation_belongs_to_a_claim() -> None:
    claims = {(one["id"], one["number"]) for one in shipped("claims")}
    assert [one for one in shipped("citations") if (one["id"], one["claim"]) not in claims] == []


def test_claims_are_numbered_in_order() -> None:
    last: dict[str, int] = {}
    for one in shipped("claims"):
        assert int(one["number"]) == last.get(one["id"], 0) + 1
        last[one["id"]] = int(one["number"])


def test_a_claim_without_a_citation_says_why() -> None:
    cited_ones = {(one["id"], one["claim"]) for one in shipped("citations")}
    for one in shipped("claims"):
        assert (one["id"], one["number"]) in cited_ones or one["note"], one


def test_every_entry_of_the_catalogue_has_claims() -> None:
    claimed = {one["id"] for one in shipped("claims")}
    entries = {one["id"] for one in [*shipped("zhejiang_heritage"), *shipped("listed_only")]}
    assert claimed == entries


def test_a_claim_uses_the_words_of_the_format() -> None:
    for one in shipped("claims"):
        dated = one["subject"] in DATED
        assert dated or one["subject"] in {"former_name", "origin", "list_status", "point"}, one
        assert one["kind"] in (ACCOUNT_KINDS if one["subject"] == "origin" else ("",)), one
        assert one["precision"] in PRECISIONS, one
        assert one["not_after"] in {"", "yes"}, one
        assert not one["year"] or (dated and int(one["year"]) != 0 and one["precision"]), one
        assert one["value"], one
        assert not SHORTHAND.search(one["value"]), one


def test_a_citation_uses_the_words_of_the_format_and_names_its_work() -> None:
    for one in shipped("citations"):
        assert one["kind"] in SOURCE_KINDS, one
        assert one["seen_as"] in SEEN_AS, one
        assert one["title"], one
        assert not BARE_HOST.fullmatch(one["title"]), one
        assert not one["title"].startswith("http"), one
        assert not one["url"] or one["url"].startswith(("http://", "https://")), one
        assert not BARE_HOST.fullmatch(one["url"]), one


def test_no_list_document_is_a_bare_host_or_a_page_without_an_address() -> None:
    for name, column in (
        ("zhejiang_list_memberships", "source_url"),
        ("heritage_classes", "source"),
        ("heritage_zj_codes", "source"),
    ):
        for one in shipped(name):
            assert not BARE_HOST.fullmatch(one[column]), one
            assert "page without URL" not in one[column], one


def _texts() -> Iterator[tuple[Path, str]]:
    for path in sorted((ROOT / "data").rglob("*")):
        if path.suffix in {".csv", ".json", ".txt", ".toml", ".geojson"}:
            yield path, path.read_text(encoding="utf-8")


def test_nothing_of_the_restricted_database_ships_but_its_numbers_as_links() -> None:
    for path, text in _texts():
        bare = re.sub(r"tgaz:hvd_[0-9]+", "", text)
        assert not re.search(r"CHGIS|hvd_|TGAZ", bare), path
    for name in sorted(path.stem for path in HERITAGE.glob("*.csv")):
        for one in shipped(name):
            columns = [column for column, value in one.items() if "tgaz:hvd_" in value]
            assert columns in ([], ["linked_ids"]), (name, one["id"])


def test_the_notice_names_every_heritage_column_and_no_other() -> None:
    notice = (ROOT / "data" / "NOTICE.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `([a-z_]+\.csv)` \| `([a-z0-9_]+)` \| .+ \| .+ \|$", notice, re.M)
    assert len(named) == len(set(named))
    there = {
        (path.name, column)
        for path in HERITAGE.glob("*.csv")
        for column in path.read_text(encoding="utf-8").split("\n", 1)[0].strip().split(",")
    }
    assert set(named) == there


def test_the_notice_names_every_shipped_file() -> None:
    folder = ROOT / "data"
    notice = (folder / "NOTICE.md").read_text(encoding="utf-8")
    globs = [
        name
        for line in re.findall(r"^\| `([a-z_]+/[^`]+)` \|", notice, re.M)
        for name in _expanded(line)
    ]
    files = {path for path in folder.rglob("*") if path.is_file() and path.parent != folder}
    named = {path for one in globs for path in folder.glob(one)}
    within = {path for one in named for path in ([one] if one.is_file() else one.rglob("*"))}
    assert files <= within
    assert all(list(folder.glob(one)) for one in globs)


def _expanded(name: str) -> list[str]:
    """A name with one ``{a,b}`` as the names it stands for."""
    found = re.search(r"\{([^}]+)\}", name)
    if not found:
        return [name]
    return [name.replace(found[0], part) for part in found[1].split(",")]
