"""Places pushed rows at addresses: at their own, or at the one that took its place."""

from collections.abc import Mapping, Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.lifecycle import GONE
from service.addresses.queries import AddressRow, find_successors
from service.core.bulk_copy import copy_rows
from service.datasets.pushed_rows import PushedRow
from service.datasets.queries import PushFault

_OUTSIDE = PushFault(
    0,
    "code",
    "no_address",
    "没有这个地址，或不在数据集和您的区划内",
    "核对编码；确在区划内的，先登记地址",
)
_ENDED = PushFault(0, "code", "ended", "这个地址已终止，没有承接它的地址", "删去这一行")
_DIVIDED = PushFault(0, "code", "divided", "这个地址已分为几个", "写它分成的那个地址的编码")

_CREATE = text(
    "create temporary table if not exists pushed_row (number integer, source_id text, code text, "
    "data jsonb, target text) on commit drop"
)
_EMPTY = text("delete from pushed_row")
"""Several pushes may share a transaction, as those of the demo do."""

_IN_REACH = "d.code like any(:scopes) and d.code like :division"
_PLACE = text(
    "update pushed_row p set target = a.code from address a "  # noqa: S608 - our own constant
    "join division d on d.id = a.division_id "
    f"where a.code = p.code and a.status <> all(:gone) and {_IN_REACH}"
)
_ENDED_ONES = text(
    "select distinct a.code from pushed_row p join address a on a.code = p.code "  # noqa: S608
    "join division d on d.id = a.division_id "
    f"where p.target is null and a.status = any(:gone) and {_IN_REACH}"
)
_LEAD_ON = text("update pushed_row set target = :target where code = :code")
_REFUSED = text("select number, code from pushed_row where target is null order by number")


def place_rows(
    session: Session, rows: Sequence[PushedRow], division: str, scopes: Sequence[str]
) -> list[PushFault]:
    """Copy rows to the temporary table ``pushed_row``, with the ``target`` of each.

    ``division`` and ``scopes`` are beginnings of division codes within which addresses may lie.
    Returns why rows have no target: no address, ended without a successor, or divided.
    """
    session.execute(_CREATE)
    session.execute(_EMPTY)
    copy_rows(session, "pushed_row", ("number", "source_id", "code", "data"), rows)
    reach = {
        "gone": list(GONE),
        "scopes": [f"{scope}%" for scope in scopes],
        "division": f"{division}%",
    }
    session.execute(_PLACE, reach)
    ended = list(session.scalars(_ENDED_ONES, reach))
    following: Mapping[str, list[AddressRow]] = find_successors(session, ended) if ended else {}
    reasons: dict[str, PushFault] = {}
    for code in ended:
        living = [one for one in following.get(code, ()) if one.status not in GONE]
        if len(living) == 1:
            session.execute(_LEAD_ON, {"code": code, "target": living[0].code})
        else:
            reasons[code] = _DIVIDED if living else _ENDED
    return [
        reasons.get(row.code, _OUTSIDE)._replace(row=row.number)
        for row in session.execute(_REFUSED)
    ]
