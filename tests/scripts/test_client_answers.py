"""The types of the client are those of the description, and whole."""

import json
from typing import Any, NotRequired, get_origin, get_type_hints

import pytest

from menpai.client import answers
from scripts.client_answers import ANSWERS, render_answers
from scripts.openapi_document import DOCUMENT

DESCRIBED: dict[str, Any] = json.loads(DOCUMENT.read_text(encoding="utf-8"))
SCHEMAS: dict[str, Any] = DESCRIBED["components"]["schemas"]


def test_they_are_those_of_the_description() -> None:
    assert ANSWERS.read_text(encoding="utf-8") == render_answers(DESCRIBED), (
        "python -m scripts.openapi_document"
    )


@pytest.mark.parametrize("name", ["AddressDetail", "ResolveOut", "ChangeList", "HandedAddressOut"])
def test_every_member_has_its_type_and_is_optional_as_described(name: str) -> None:
    made, schema = getattr(answers, name), SCHEMAS[name]
    hints = get_type_hints(made, include_extras=True)
    always = {name for name, kind in hints.items() if get_origin(kind) is not NotRequired}
    assert set(hints) == set(schema["properties"])
    assert always == set(schema.get("required", ()))


def test_a_schema_that_a_call_needs_is_not_left_out() -> None:
    plain = {"type": "object", "properties": {"class": {"$ref": "#/components/schemas/B"}}}
    answer = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}
    text = render_answers(
        {
            "paths": {"/a": {"get": {"tags": ["x"], "responses": {"200": answer}}}},
            "components": {"schemas": {"A": plain, "B": {"enum": ["1", "2"]}, "C": plain}},
        }
    )
    made: dict[str, Any] = {"__name__": "answers of a test"}
    exec(compile(text, "answers", "exec"), made)  # noqa: S102 - what was just written
    assert {"A", "B"} <= set(made)
    assert "C" not in made
    assert get_type_hints(made["A"], made)["class"] == made["B"]
