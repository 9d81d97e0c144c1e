"""Requests made from the API's description, and whether each answer is one that it documents.

The test makes some thirty an operation and caller, the drill thousands.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

import requests
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy, one_of
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.factories.callers import Served
from tests.factories.hosts import PUBLIC_URL

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
CALLERS = ("nobody", "client", "narrow", "bare", "officer")
"""A stranger; programs with all grants, with public fields to the door of one county, and with no
grant; a member of staff."""

NAMES_OF_A_CALLER = {"authorization", "x-api-key", "x-form-token", "cookie"}


@dataclass(frozen=True)
class Caller:
    """Who calls, and what of its own it sends with every request."""

    browser: TestClient
    headers: dict[str, str]


def caller_named(served: Served, name: str) -> Caller:
    return {
        "nobody": Caller(served.anybody, {}),
        "client": Caller(served.anybody, served.key),
        "narrow": Caller(served.anybody, served.narrow_key),
        "bare": Caller(served.anybody, served.bare_key),
        "officer": Caller(served.client, served.form_token),
    }[name]


def operations_of(document: dict[str, Any]) -> Iterator[Any]:
    """The operations of the description, as schemathesis has them."""
    for found in schemathesis.openapi.from_dict(document).get_all_operations():
        assert isinstance(found, Ok)
        yield found.ok()


def is_granted(operation: Any) -> bool:
    """Whether grants of programs open an operation."""
    return any("OAuth2" in one for one in operation.definition.raw.get("security", []))


TURNS = 5


def known_values(served: Served) -> dict[str, Any]:
    """Path parameters that name something, so that more than 404 is met."""
    return {
        "token": served.office.plates["own"],
        "code": served.office.codes["own"],
        "batch_id": 1,
        "run_id": 1,
        "number": "ZJH-0001",
        "key": "grid:示例网格 1",
        "entry_id": "ZJH-0001",
        "name": "proof.pdf",
    }


def cases_of(operation: Any, served: Served) -> SearchStrategy[Any]:
    """What fits the description and what does not, with paths that are made up and that exist."""
    names = {parameter.name for parameter in operation.path_parameters}
    known = {name: value for name, value in known_values(served).items() if name in names}
    kinds = [operation.as_strategy(mode) for mode in GenerationMode]
    kinds += [
        operation.as_strategy(mode, path_parameters=known) for mode in GenerationMode if known
    ]
    return one_of(kinds)


def send(case: Any, caller: Caller) -> tuple[requests.PreparedRequest, Any]:
    """Send a case as a caller: what names another caller is left out."""
    made = case.as_transport_kwargs(base_url=PUBLIC_URL)
    prepared = requests.Request(**made).prepare()
    headers = {
        name: str(value)
        for name, value in prepared.headers.items()
        if name.lower() not in NAMES_OF_A_CALLER
    }
    for _ in range(TURNS):
        answer = caller.browser.request(
            str(prepared.method),
            str(prepared.url),
            headers=headers | caller.headers,
            content=cast("bytes | str | None", prepared.body),
        )
        if answer.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
            break
        time.sleep(int(answer.headers["retry-after"]))  # a busy machine: come again, as it says
    return prepared, answer


def faults_of(operation: Any, served: Served, name: str, cases: int, start: int) -> list[str]:
    """Ask ``cases`` times as a caller; what of the answers the description does not say."""
    caller, faults = caller_named(served, name), []

    @seed(start)
    @settings(
        max_examples=cases,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases_of(operation, served))
    def ask(case: Any) -> None:
        prepared, answer = send(case, caller)
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as found:
            sent = f"{prepared.method} {str(prepared.url)[:160]} {str(prepared.body)[:160]}"
            told = [" ".join(str(one).split())[:200] for one in found.exceptions]
            faults.append(f"{name}: {sent} → {answer.status_code} {told} {answer.text[:160]}")

    ask()
    return faults
