import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.cluster.local_postgres import drop_cluster
from service.core.homes import test_home


@pytest.fixture
def home(request: pytest.FixtureRequest) -> Iterator[Path]:
    place = test_home() / f"{os.getpid()}-{abs(hash(request.node.nodeid)) % 10**6}"
    yield place
    drop_cluster(place)
