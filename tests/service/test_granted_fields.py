"""Every model in an answer to a program has fields of a class, or stands here with why not.

The models come from the routes: a new one, or a new field of one, fails until somebody has decided
which grants show it.
"""

from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from address_model.sensitivity import FIELDS
from tests.service.test_fields_shown import models_in
from tests.service.test_grant_matrix import CALLS, permission_of

CLASSED = {
    **dict.fromkeys(("AddressOut", "AddressAnswer", "AddressDetail"), "address"),
    "AddressHistory": "history",
    "AreaDetail": "area_record",
    "AreaOut": "area",
    "AreaRecord": "area_record",
    "DoorOut": "kin",
    "ElementsOut": "elements",
    "HangingPlateOut": "plate",
    "HistoricPositionOut": "position",
    "HistoryEventOut": "event",
    "IdentifierOut": "identifier",
    "KinOut": "kin",
    "NameOut": "name",
    "NumberedOut": "numbered",
    "PlaceOut": "place",
    "PlacedOut": "position",
    "PointOut": "point",
    "PositionOut": "position",
    "SuccessorOut": "successor",
}
"""Models whose fields are masked, and the kind of record in the table of fields."""

UNCLASSED = {
    "lists and wrappers of other models": {
        "AddressList", "AreaList", "ChangeList", "ChangedOut", "DigestList", "EnteredOut",
        "NearOut", "NearestOut", "RegisterList", "ResolvedBatchOut", "SuggestionsOut", "UnitList",
    },
    "how the caller's own text was read, beside addresses it sees": {
        "DifferenceOut", "NamedPlateOut", "ParseOut", "ResolveOut", "ResolvedCandidate",
        "ResolvedRow", "SpanOut",
    },
    "keys of records in the divisions of the grant, without what they hold": {"ChangeOut"},
    "what a copy is compared by, and which columns it has": {
        "BucketOut", "ColumnOut", "FollowedOut", "RegisterOut",
    },
    "datasets: every field has the class and the audience that its owner was allowed": {
        "AddressData", "DatasetDetail", "DatasetFieldOut", "DatasetList", "DatasetOut",
        "DatasetRowList", "DatasetRowOut", "PushFaultOut", "PushOut", "ShownFieldOut",
    },
    "what hangs on the wall, and how it was made": {"PlateOut"},
    "public bodies and their posts, never who holds one": {"UnitDetail", "UnitOut", "UnitPost"},
    "the program's own lists and webhooks": {
        "AddressRequestOut", "DeliveryOut", "DeliveryQueued", "HookMade", "HookOut", "ImportOut",
        "SecretMade",
    },
    "standard address and code, which the resident has agreed to show": {"HandedAddressOut"},
}  # fmt: skip


def models_within(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """A model and those in its fields, each once."""
    if model in seen:
        return
    seen.add(model)
    yield model
    for field in model.model_fields.values():
        for inner in models_in(field.annotation):
            yield from models_within(inner, seen)


SEEN: set[type[BaseModel]] = set()
MODELS = {
    model.__name__: model
    for route in CALLS.values()
    if permission_of(route) is not None
    for outer in models_in(route.response_model)
    for model in models_within(outer, SEEN)
}


def test_every_model_that_a_program_gets_is_classed_or_has_a_reason() -> None:
    others = set().union(*UNCLASSED.values())
    assert set(MODELS) == CLASSED.keys() | others
    assert others.isdisjoint(CLASSED)


@pytest.mark.parametrize("name", CLASSED)
def test_every_field_of_a_classed_model_has_its_class(name: str) -> None:
    assert set(MODELS[name].model_fields) <= set(FIELDS[CLASSED[name]])
