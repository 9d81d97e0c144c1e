"""Four doors without plates."""

import pytest
from sqlalchemy.orm import Session

from tests.factories.batches import make_street


@pytest.fixture
def codes(session: Session) -> list[str]:
    """Four doors without plates, gone after the test."""
    return make_street(session, 4)
