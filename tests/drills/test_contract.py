"""Twenty thousand requests made from the API's description: no answer that it does not document.

About half an hour.
"""

import json
from collections.abc import Iterator

import pytest

from scripts.openapi_document import render
from tests.contract_cases import CALLERS, faults_of, operations_of
from tests.factories.callers import Served, served_office

pytestmark = pytest.mark.drill

REQUESTS = 20_000
OPERATIONS = {one.label: one for one in operations_of(json.loads(render()))}
CASES = -(-REQUESTS // (len(OPERATIONS) * len(CALLERS)))


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with served_office() as made:
        yield made


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_documented_in_twenty_thousand(
    served: Served, label: str, caller: str
) -> None:
    faults = faults_of(OPERATIONS[label], served, caller, CASES, 20_000)
    assert not faults, "\n".join(faults[:5])
