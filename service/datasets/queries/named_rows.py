"""Rows that name their addresses in words: each is pushed under the code that the words mean."""

from sqlalchemy.orm import Session

from address_model.datasets.fields import DatasetField
from service.core.sheets import Row, RowSource
from service.datasets.pushed_rows import CODE_COLUMNS, PushedRows, find_columns, judge_row
from service.datasets.queries import PushFault
from service.matching.queries import resolve_many

ADDRESS_COLUMNS = ("地址", "address", "标准地址", "详细地址")


def read_named_rows(
    session: Session, source: RowSource, fields: tuple[DatasetField, ...]
) -> PushedRows:
    """The rows of a sheet with a column 地址; without one it has codes, as a pushed file.

    An address is named by a text that means it and no other (category A or B).

    Raises:
        BadRequest: a column is no field, or there are neither addresses nor codes.
    """
    named = next((name for name in ADDRESS_COLUMNS if name in source.headings), "")
    code = CODE_COLUMNS[0] if named else ""
    headings = [code if name == named else name for name in source.headings]
    columns = find_columns(headings, fields)
    listed = list(source)
    meant = resolve_many(session, [row.values[named] for row in listed]) if named else []
    rows, faults = [], list[PushFault]()
    for at, row in enumerate(listed):
        judged = row
        if named:
            answer = meant[at]
            found = answer.address if answer.category in ("A", "B") else None
            if found is None:
                reason, remedy = "地址不在登记中，或不够明确", "写到门牌号的标准地址，或 16 位编码"
                faults.append(PushFault(row.number, named, "no_address", reason, remedy))
                continue
            judged = Row(row.number, {**row.values, code: found.code}, row.fault)
        pushed, wrong = judge_row(judged, columns)
        faults += wrong
        rows += [pushed] if pushed else []
    return PushedRows(tuple({row.source_id: row for row in rows}.values()), tuple(faults))
