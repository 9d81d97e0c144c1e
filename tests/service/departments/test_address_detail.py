"""One address with everything that hangs on it, over the API."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from address_model.coordinates import Point
from address_model.elements import Numbered
from address_model.positions import Accuracy, Position, PositionKind
from service.addresses.commands import PositionDraft, enter_addresses, set_position
from service.app import create_app
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.settings import get_settings
from service.linking.commands import link_addresses
from tests.database import migrated_database
from tests.factories.addresses import make_draft, make_elements
from tests.factories.areas import make_area
from tests.factories.divisions import make_place
from tests.factories.programs import make_program

Asked = tuple[TestClient, dict[str, str], dict[str, str]]


@pytest.fixture(scope="module")
def asked() -> Iterator[Asked]:
    """A door, its building and a room in it, in a grid."""
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            place = make_place(session)
            make_area(session)
            door = make_draft(place, "88", source_id="17", identifiers=(("police", "P88"),))
            building = Numbered("3", "幢")
            inside = {"building": building}, {"building": building, "room": Numbered("301", "室")}
            plain = replace(door, source_id="", identifiers=())
            rooms = (replace(plain, elements=make_elements("88", **more)) for more in inside)
            drafts = [door, *rooms]
            codes = [code.digits for code in enter_addresses(session, drafts, COMMAND_LINE)]
            link_addresses(session, codes)
            gate = Position(PositionKind.ENTRANCE, Point(120.1651, 30.24), Accuracy.HANDHELD)
            set_position(session, PositionDraft(codes[1], gate), COMMAND_LINE)
            key = str(make_program(session, "department"))
        with TestClient(create_app(database, get_settings())) as client:
            named = dict(zip(("door", "building", "room"), codes, strict=True))
            yield client, named, {"X-API-Key": key}
        database.dispose()


def test_an_address_comes_with_the_parts_that_are_asked_for(asked: Asked) -> None:
    client, codes, key = asked
    every = "place,positions,names,identifiers,areas,plate,parent,children"
    found = client.get(f"/api/v1/addresses/{codes['building']}?include={every}", headers=key).json()
    assert (found["place"]["name"], found["place"]["kind"]) == ("河坊街", "street")
    assert found["place"]["townships"] == ["330102001000"]
    assert [(one["kind"], one["kind_name"], one["version"]) for one in found["positions"]] == [
        ("centre", "代表点", None),
        ("entrance", "入口", 1),
    ]
    assert found["geometry"] == found["positions"][1]["geometry"]
    assert found["position"] == {
        "kind": "entrance",
        "kind_name": "入口",
        "label": "",
        "accuracy": "C",
        "within_m": 10.0,
    }
    assert [name["kind"] for name in found["names"]] == ["standard"]
    assert [area["kind"] for area in found["areas"]] == ["grid"]
    assert found["parent"]["code"] == codes["door"]
    assert [child["code"] for child in found["children"]] == [codes["room"]]
    assert (found["plates"], found["identifiers"]) == ([], [])


def test_identifiers_of_every_scheme_are_listed(asked: Asked) -> None:
    client, codes, key = asked
    found = client.get(f"/api/v1/addresses/{codes['door']}?include=identifiers", headers=key).json()
    assert {(one["scheme"], one["value"]) for one in found["identifiers"]} == {
        ("source:test", "17"),
        ("police", "P88"),
    }
    assert (found["names"], found["place"], found["children"]) == (None, None, None)


def test_a_part_that_there_is_not_is_refused_by_name(asked: Asked) -> None:
    client, codes, key = asked
    refused = client.get(f"/api/v1/addresses/{codes['door']}?include=owner,place", headers=key)
    assert refused.status_code == 422
    assert "owner" in refused.json()["detail"]
    assert client.get(f"/api/v1/addresses/{codes['door']}?include=place").status_code == 401
