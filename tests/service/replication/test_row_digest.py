"""What a row adds to a digest, the same whatever database it lies in."""

from datetime import date

from service.replication.row_digest import (
    ReplicaColumn,
    bucket_of,
    digests_of,
    number_of,
    read_values,
    text_of,
)

COLUMNS = (
    ReplicaColumn("code", "text"),
    ReplicaColumn("lon", "number"),
    ReplicaColumn("is_sample", "boolean"),
    ReplicaColumn("since", "date"),
    ReplicaColumn("version", "integer"),
    ReplicaColumn("more", "json"),
)
LINE = {
    "code": "A",
    "lon": 120.1659,
    "is_sample": True,
    "since": "2026-12-01",
    "version": 3,
    "more": {"路": "河坊街", "n": None},
}


def test_rows_of_every_driver_are_the_same_text() -> None:
    plain = read_values(COLUMNS, LINE)
    typed = ("A", 120.16590000000001, 1, date(2026, 12, 1), 3, '{"路": "河坊街", "n": null}')
    assert text_of(COLUMNS, plain) == text_of(COLUMNS, typed)
    assert text_of(COLUMNS, plain).split("\x1f") == [
        "A", "1201659000", "true", "2026-12-01", "3", '{"路": "河坊街", "n": null}'
    ]  # fmt: skip


def test_nothing_is_another_value_than_an_empty_text() -> None:
    column = COLUMNS[:1]
    assert number_of(column, [None]) != number_of(column, [""])


def test_rows_are_added_up_by_bucket_in_any_order() -> None:
    rows = [("A", *read_values(COLUMNS, LINE)[1:]), ("B", *read_values(COLUMNS, LINE)[1:])]
    found = digests_of(COLUMNS, 0, rows)
    assert found == digests_of(COLUMNS, 0, reversed(rows))
    assert found[bucket_of("A")] == (1, number_of(COLUMNS, rows[0]))
    assert len(bucket_of("A")) == 3
