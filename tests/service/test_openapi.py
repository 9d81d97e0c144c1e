"""The API's description: pinned, complete, and true to itself."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from fastapi.routing import APIRoute
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from scripts.openapi_document import DOCUMENT, render
from service.core.problem_types import PROBLEM_TYPES
from tests.service.admin.route_samples import ROUTES

TEXT = render()
API: dict[str, Any] = json.loads(TEXT)
SCHEMAS: dict[str, Any] = API["components"]["schemas"]
OPEN = {"divisions", "place names", "heritage", "reconciliation", "tokens"}
"""Tags of what needs neither key nor session."""

OF_OAUTH = {("issueToken", "400"), ("issueToken", "401")}
"""Errors in the form of RFC 6749 §5.2."""


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in API["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


OPERATIONS = list(operations())


def test_the_description_changes_only_with_the_file_that_pins_it() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == TEXT, (
        "the API has changed: look at the difference, then python -m scripts.openapi_document"
    )


def test_it_is_openapi_3_1_with_host_licence_contact_and_every_tag_described() -> None:
    assert API["openapi"].startswith("3.1")
    assert API["servers"] == [{"url": "/", "description": "This host."}]
    assert API["info"]["license"]["identifier"] == "Apache-2.0"
    assert API["info"]["contact"]["name"]
    described = {tag["name"]: tag["description"] for tag in API["tags"]}
    assert {tag for _, _, one in OPERATIONS for tag in one["tags"]} == set(described)


def test_every_route_under_api_is_in_it_under_a_name_of_its_own() -> None:
    routes = {
        (path, method.lower())
        for method, path, route in ROUTES
        if path.startswith(("/api/", "/oauth/")) and isinstance(route, APIRoute)
    }
    assert routes == {(path, method) for path, method, _ in OPERATIONS}
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(set(names)) == len(names)
    assert [name for name in SCHEMAS if "__" in name] == []


def test_every_member_and_parameter_says_what_it_is() -> None:
    silent = [
        (schema, member)
        for schema, described in SCHEMAS.items()
        for member, one in described.get("properties", {}).items()
        if not one.get("description")
    ]
    silent += [
        (operation["operationId"], one["name"])
        for _, _, operation in OPERATIONS
        for one in operation.get("parameters", [])
        if not one.get("description")
    ]
    assert silent == []


def valued() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every member and parameter that is not another schema, with its schema."""
    for schema, described in SCHEMAS.items():
        for member, one in described.get("properties", {}).items():
            if "$ref" not in one:
                yield f"{schema}.{member}", one
    for _, _, operation in OPERATIONS:
        for one in operation.get("parameters", []):
            yield f"{operation['operationId']}({one['name']})", one["schema"]


def test_every_member_and_parameter_has_an_example_that_fits() -> None:
    named = Resource.from_contents(API, default_specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource("urn:api", named)
    wrong = []
    for name, schema in valued():
        absolute = json.loads(json.dumps(schema).replace('"#/', '"urn:api#/'))
        validator = jsonschema.Draft202012Validator(absolute, registry=registry)
        examples = schema.get("examples", [])
        if not examples or not all(map(validator.is_valid, examples)):
            wrong.append((name, examples))
    assert wrong == []


@pytest.mark.parametrize(
    ("schema", "member"),
    [
        ("AddressOut", "status"), ("AddressOut", "level"), ("PlateOut", "status"),
        ("PlateOut", "standing"), ("BatchOut", "status"), ("RunOut", "state"),
        ("DivisionOut", "level"), ("DivisionOut", "code_system"), ("ResolveOut", "category"),
        ("ParseOut", "verdict"), ("SpanOut", "level"), ("EventOut", "kind"),
        ("ChangeOut", "subject"), ("ChangeOut", "action"), ("PositionOut", "kind"),
        ("PositionOut", "accuracy"), ("NameOut", "kind"), ("PlaceOut", "kind"),
    ],
)  # fmt: skip
def test_closed_words_are_enums(schema: str, member: str) -> None:
    one = SCHEMAS[schema]["properties"][member]
    if "$ref" in one:
        one = SCHEMAS[one["$ref"].rpartition("/")[2]]
    assert one["enum"]


def test_every_error_is_a_problem_and_names_types_that_there_are() -> None:
    for _, _, operation in OPERATIONS:
        for status, answer in operation["responses"].items():
            if int(status) < 400 or (operation["operationId"], status) in OF_OAUTH:
                continue
            assert set(answer["content"]) == {"application/problem+json"}
            schema = answer["content"]["application/problem+json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/Problem"}
            named = [word for word in answer["description"].split("`") if "/problems/" in word]
            statuses = {PROBLEM_TYPES[name.rpartition("/")[2]].status.value for name in named}
            assert statuses == {int(status)}, (operation["operationId"], status)
    assert not {"HTTPValidationError", "ValidationError"} & set(SCHEMAS)


def test_each_operation_has_the_statuses_and_security_of_its_kind() -> None:
    for path, _, operation in OPERATIONS:
        statuses = set(map(int, operation["responses"]))
        assert {414, 422, 429, 431, 503} <= statuses, path
        is_open = bool(OPEN & set(operation["tags"]))
        assert operation["security"] == [] if is_open else operation["security"], path
        assert (401 in statuses) is (not is_open or "tokens" in operation["tags"]), path
        assert (403 in statuses) is bool(operation["security"]), path
        assert 404 in statuses or "{" not in path, path
        assert {400, 408, 413} <= statuses or "requestBody" not in operation, path


def test_headers_stand_where_they_are_sent() -> None:
    for path, _, operation in OPERATIONS:
        names = {one["name"] for one in operation.get("parameters", [])}
        for status, answer in operation["responses"].items():
            headers = set(answer.get("headers", {}))
            assert ("Retry-After" in headers) is (status in ("429", "503")), path
            assert ("RateLimit" in headers) is (status == "429"), path
            is_page = status == "200" and bool(names & {"cursor", "after", "before"})
            assert ("Link" in headers) is is_page, path
            assert ("ETag" in headers) or status not in ("304", "412"), path
    assert set(SCHEMAS["Problem"]["required"]) == {"type", "title", "status", "detail", "hint"}


def test_a_batch_goes_in_and_comes_out_as_json_csv_or_lines() -> None:
    batch = API["paths"]["/api/v1/resolve/batch"]["post"]
    kinds = {"application/json", "text/csv", "text/tab-separated-values", "application/x-ndjson"}
    assert set(batch["requestBody"]["content"]) == kinds
    assert set(batch["responses"]["200"]["content"]) == kinds
