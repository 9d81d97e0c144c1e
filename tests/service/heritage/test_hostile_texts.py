"""Texts that try to run script, stored as they are, read over the API and in every export."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from address_model.heritage.catalogue import (
    Listing,
    MediaItem,
    NameForm,
    Relation,
)
from address_model.heritage.claims import Citation, Claim
from service.core.actor import COMMAND_LINE
from service.heritage.commands import load_catalogue
from service.heritage.files import read_catalogue, write_catalogue
from service.heritage.queries import get_entry
from tests.factories.heritage import entry_of, place_of
from tests.factories.heritage_api import heritage_api
from tests.factories.xss import VECTORS

STORED = tuple(one for one in VECTORS if "\x00" not in one)
"""A NUL is refused at the door: no field of the database holds one."""
FORMATS = {
    "json": "application/json",
    "geojson": "application/geo+json",
    "lpf": "application/ld+json",
    "csv": "text/csv",
}


def hostile(text: str, number: int) -> object:
    """An entry with one text in every field that takes any."""
    cited = Citation(text, text, text, text, text, "press", "not_seen", "", None, text)
    rival = Citation(text, says=text)
    key = f"XSS-{number}"
    place = place_of(
        number=key, standard_name=text[:60] or "x", meaning=text, origin=text, history=text,
        source=text, precision_source=text, pinyin=text,
        forms=(NameForm(text, citation=text, reference=text, calendar_text=text),),
    )  # fmt: skip
    return entry_of(
        place, id=key, class_name=text, story_zh=text, story_en=text, summary=text, dispute=text,
        note=text, links=(text,),
        claims=(
            Claim("name", text, "", "zh", 872, "year", False, text, (cited, rival), text),
            Claim("origin", text, "legend", citations=(cited,), note=text),
        ),
        recognitions=(Listing("A", text, "recognized", document=text, batch=text, note=text),),
        relations=(Relation("related", text, "", text),),
        media=(MediaItem("image", text, text, text, text, text),),
    )  # fmt: skip


@pytest.fixture
def client(catalogue: Session) -> Iterator[TestClient]:
    with heritage_api(catalogue) as client:
        yield client


def test_every_vector_is_kept_as_it_is_and_leaves_as_data_only(
    client: TestClient, catalogue: Session
) -> None:
    assert len(STORED) >= 200
    entries = [hostile(text, number) for number, text in enumerate(STORED)]
    report = load_catalogue(catalogue, entries, [], COMMAND_LINE)  # type: ignore[arg-type]
    assert len(report.new) == len(STORED)
    for entry in entries:
        assert get_entry(catalogue, entry.id).story_zh == entry.story_zh  # type: ignore[attr-defined]
    for wanted, media_type in FORMATS.items():
        cursor, seen = "XSS", 0
        while cursor:
            asked: dict[str, Any] = {"format": wanted, "cursor": cursor, "limit": 100}
            answer = client.get("/api/v1/heritage", params=asked)
            assert answer.headers["content-type"].split(";")[0] == media_type
            seen += answer.text.count("ran=1")
            link = answer.headers.get("link", "")
            cursor = answer.json()["next"] if wanted == "json" else link.partition("cursor=")[2]
            cursor = (cursor or "").split("&")[0].split(">")[0]
        assert seen > len(STORED)
    one = client.get("/api/v1/place-names/XSS-0")
    assert one.headers["content-type"] == "application/json"
    asked = {"queries": json.dumps({"q0": {"query": STORED[0][:60]}})}
    matched = client.post("/api/v1/reconcile", data=asked)
    assert matched.headers["content-type"] == "application/json"
    assert matched.json()["q0"]["result"][0]["id"].startswith("XSS-")


@pytest.mark.parametrize("name", ["c.jsonld", "c.geojson", "c.csv", "c.ndjson"])
def test_every_vector_goes_through_a_file_and_comes_back_the_same(
    tmp_path: Path, name: str
) -> None:
    entries = [hostile(text, number) for number, text in enumerate(STORED)]
    write_catalogue(entries, tmp_path / name, "https://dz.test/heritage/")  # type: ignore[arg-type]
    read = read_catalogue(tmp_path / name)
    assert read.refused == []
    assert read.entries == entries
    if name.endswith(".csv"):
        text = (tmp_path / name).read_text(encoding="utf-8-sig")
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in text.split(","))


def test_a_nul_is_refused_with_a_reason(tmp_path: Path) -> None:
    entry = hostile("a\x00b", 1)
    write_catalogue([entry], tmp_path / "c.jsonld", "https://dz.test/")  # type: ignore[list-item]
    read = read_catalogue(tmp_path / "c.jsonld")
    assert read.entries == []
    assert "NUL" in read.refused[0][1]
