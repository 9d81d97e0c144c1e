"""Lists come to the database as they are, whatever their texts hold."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from service.core.database import Database
from service.core.errors import UnstorableValue
from tests.database import TestDatabase

CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXTS = st.lists(st.none() | st.text(CHARACTERS) | st.sampled_from(['"', "\\", "NULL", "", "{,}"]))
NUMBERS = st.lists(st.none() | st.integers(-(2**63), 2**63 - 1))
BYTES = st.lists(st.none() | st.binary(max_size=20))
EACH = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def held(database: TestDatabase) -> Iterator[Database]:
    made = Database(database.app_url)
    yield made
    made.dispose()


@EACH
@given(texts=TEXTS, numbers=NUMBERS, blobs=BYTES)
def test_lists_come_back_as_they_were(
    held: Database, texts: list[str | None], numbers: list[int | None], blobs: list[bytes | None]
) -> None:
    statement = text("select cast(:t as text[]), cast(:n as bigint[]), cast(:b as bytea[])")
    with held.reading() as session:
        row = session.execute(statement, {"t": texts, "n": numbers, "b": blobs}).one()
    assert list(row) == [texts, numbers, blobs]


@pytest.mark.parametrize("values", [[1.5, 2.5], [[1, 2], [3, 4]], [True, False]])
def test_other_lists_go_the_drivers_way(held: Database, values: list[object]) -> None:
    with held.reading() as session:
        assert session.execute(text("select :v"), {"v": values}).scalar_one() == values


def test_a_nul_in_a_list_is_refused_as_anywhere(held: Database) -> None:
    with pytest.raises(UnstorableValue), held.reading() as session:
        session.execute(text("select cast(:t as text[])"), {"t": ["河坊街", "a\0b"]})
