"""Every field that a card or an answer about an address shows has its class in the one table."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, get_args

import orjson
import pytest
from pydantic import BaseModel

from address_model.nested_records import PARTS
from address_model.sensitivity import FIELDS, SEEN, Audience, FieldClass
from service.addresses.schemas import AddressAnswer, AddressList, AddressOut
from service.areas.schemas import AreaDetail
from service.departments.history_schemas import AddressHistory
from service.departments.schemas import AddressDetail
from service.scans.card import ScanCard
from service.scans.json_view import card_json
from tests.factories.pages import CARDS, card_named


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that a field may hold."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from models_in(inner)


def unclassed(model: type[BaseModel], kind: str) -> list[str]:
    """The fields of a model, and of the models in it, that the table does not know."""
    found = []
    for name, field in model.model_fields.items():
        if name not in FIELDS[kind]:
            found.append(f"{kind}.{name}")
        for inner in models_in(field.annotation):
            part = PARTS.get(kind, {}).get(name)
            found += unclassed(inner, part) if part else [f"{kind}.{name} holds {inner}"]
    return found


@pytest.mark.parametrize("model", [AddressOut, AddressAnswer, AddressDetail])
def test_every_field_of_an_address_has_a_class(model: type[BaseModel]) -> None:
    assert unclassed(model, "address") == []


@pytest.mark.parametrize(
    ("model", "kind"), [(AddressHistory, "history"), (AreaDetail, "area_record")]
)
def test_every_field_of_a_history_and_of_an_area_has_a_class(
    model: type[BaseModel], kind: str
) -> None:
    assert unclassed(model, kind) == []


def test_a_list_shows_addresses_and_where_it_goes_on() -> None:
    assert set(AddressList.model_fields) == {"addresses", "next"}
    assert list(models_in(AddressList.model_fields["addresses"].annotation)) == [AddressOut]


def test_every_field_of_a_card_has_a_class_and_no_other_has() -> None:
    assert {field.name for field in fields(ScanCard)} == set(FIELDS["card"])


def unknown(answer: Mapping[str, Any], kind: str) -> list[str]:
    """The fields of a JSON answer that the table does not know, records within it looked into."""
    found = []
    for name, value in answer.items():
        if name not in FIELDS[kind]:
            found.append(f"{kind}.{name}")
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                part = PARTS[kind].get(name)
                found += unknown(one, part) if part else [f"{kind}.{name} holds {one}"]
    return found


@pytest.mark.parametrize("name", CARDS)
def test_every_field_of_the_twin_has_a_class(name: str) -> None:
    assert unknown(orjson.loads(card_json(card_named(name))), "scan") == []


def test_the_twin_hides_what_the_page_hides() -> None:
    shared = set(FIELDS["scan"]) & set(FIELDS["card"])
    assert {"contacts", "grid"} < shared
    assert {one: FIELDS["scan"][one] for one in shared} == {
        one: FIELDS["card"][one] for one in shared
    }


def test_no_answer_about_an_address_holds_a_contact() -> None:
    holding = {kind for kind, table in FIELDS.items() if FieldClass.CONTACT in table.values()}
    assert holding == {"card", "scan", "scan.contact"}
    assert FieldClass.CONTACT not in SEEN[Audience.CLIENT]
