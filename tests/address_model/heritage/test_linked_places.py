"""Linked Places against a JSON schema of what the format's description asks for."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from address_model.heritage.catalogue import (
    Listing,
    MediaItem,
    NameForm,
    PlaceNameRecord,
    Relation,
)
from address_model.heritage.claims import Claim
from address_model.heritage.linked_places import from_linked_places, to_linked_places
from address_model.shipped import data_folder
from service.heritage.seed import read_seed
from tests.factories.heritage import entry_of, place_of

SCHEMA = json.loads(Path(__file__).with_name("linked_places.schema.json").read_text())
BASE = "https://dz.test/heritage/"


def faults(collection: object) -> list[str]:
    return [
        f"{e.json_path}: {e.message}" for e in Draft202012Validator(SCHEMA).iter_errors(collection)
    ]


@pytest.mark.parametrize("base", ["urn:zjh:", BASE])
def test_the_whole_catalogue_is_linked_places(base: str) -> None:
    entries = read_seed(data_folder() / "heritage").entries
    assert faults(to_linked_places(entries, base)) == []


def test_everything_an_entry_may_hold_is_linked_places() -> None:
    place = place_of(
        pinyin="Hǎiyán Xiàn",
        geometry="LINESTRING(120.1 30.2,120.2 30.3)",
        precision="line",
        forms=(
            NameForm("展武县", year_from=14, year_to=22, citation="CHGIS"),
            NameForm("旧", year_to=-5),
        ),
    )
    entry = entry_of(
        place,
        summary="a",
        story_en="b",
        links=("tgaz:hvd_1", "division:330621106000", "was:T-9"),
        claims=(Claim("name", year=-222, precision="year"),),
        recognitions=(Listing("A", "名录", "recognized", year=2017, document="https://a.test"),),
        relations=(Relation("part_of", "甲", "T-2"), Relation("related", "乙")),
        media=(MediaItem("image", "https://a.test/1.jpg", "桥", "CC BY 4.0"),),
    )
    collection = to_linked_places([entry], BASE)
    assert faults(collection) == []
    [feature] = collection["features"]
    assert feature["geometry"]["type"] == "LineString"
    assert [one["relationTo"] for one in feature["relations"]] == [f"{BASE}T-2"]
    assert [one["identifier"].rsplit("/", 1)[1] for one in feature["links"]] == ["hvd_1"]
    assert from_linked_places(json.loads(json.dumps(collection))) == [entry]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda f: f.pop("names"),
        lambda f: f.pop("geometry"),
        lambda f: f["names"][0].pop("citations"),
        lambda f: f.pop("when"),
        lambda f: f["when"]["timespans"][0].pop("start"),
        lambda f: f["when"]["timespans"][0]["start"].update({"in": "872年"}),
        lambda f: f["properties"].pop("title"),
        lambda f: f["geometry"].update({"certainty": "perhaps"}),
    ],
)
def test_the_schema_refuses_what_the_description_forbids(spoil: object) -> None:
    entry = entry_of(
        PlaceNameRecord("T-1", "甲", "area", "33", geometry="POINT(120.1 30.2)"),
        claims=(Claim("name", year=872, precision="year"),),
    )
    collection = json.loads(json.dumps(to_linked_places([entry], BASE)))
    assert faults(collection) == []
    spoil(collection["features"][0])  # type: ignore[operator]
    assert faults(collection)


def test_pinyin_of_others_is_no_other_name() -> None:
    feature = to_linked_places([entry_of(place_of(pinyin="Shìlì Xiàn"))], BASE)["features"][0]
    del feature["menpai"]
    [read] = from_linked_places({"type": "FeatureCollection", "features": [feature]})
    assert (read.id, read.place.forms) == ("T-1", ())
