from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories.reported_street import Street, reported_street


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    with reported_street(tmp_path) as served:
        yield served
