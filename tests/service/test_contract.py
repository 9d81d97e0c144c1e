"""What the API answers is what it documents, whoever asks and whatever is sent."""

import json
from collections.abc import Iterator

import pytest

from scripts.openapi_document import render
from tests.contract_cases import CALLERS, faults_of, is_granted, operations_of
from tests.factories.callers import Served, served_office

CASES = 30
SEED = 16
OPERATIONS = {one.label: one for one in operations_of(json.loads(render()))}
ASKED = [
    (label, caller)
    for label, one in OPERATIONS.items()
    for caller in CALLERS
    if caller not in ("narrow", "bare") or is_granted(one)
]
"""Programs with other grants ask what grants open."""


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with served_office() as made:
        yield made


@pytest.mark.parametrize(("label", "caller"), ASKED)
def test_every_answer_is_documented(served: Served, label: str, caller: str) -> None:
    faults = faults_of(OPERATIONS[label], served, caller, CASES, SEED)
    assert not faults, "\n".join(faults[:5])
