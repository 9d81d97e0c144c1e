"""Answers at the desk whether a list names a registered place or another: one street or two?"""

from collections import Counter
from dataclasses import dataclass

import orjson
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from address_model.tables import ListUpload
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.imports.commands.waiting_rows import answer_question
from service.imports.decisions import Decisions
from service.imports.row_log import RowOutcome, list_outcomes
from service.imports.uploads.queries.rows import REFUSED, count_outcomes
from service.imports.uploads.words import reword
from service.placenames.commands import lock_places
from service.placenames.queries import PlaceNotFound, get_place

_ANSWERED = (
    "list_upload u, unnest(cast(:sources as text[]), cast(:numbers as int[]), "
    "cast(:texts as text[]), cast(:outcomes as text[]), cast(:codes as text[]), "
    "cast(:faults as text[])) as v(source, number, text, outcome, code, faults) "
    "where r.upload_id = u.id and u.source = v.source and r.number = v.number "
    "and r.text = v.text and r.outcome = 'waiting' and r.is_stored"
)
_SETTLE = text(
    "update list_upload_row r set outcome = v.outcome, code = v.code "  # noqa: S608 - our own text
    f"from {_ANSWERED} and v.faults = '[]' returning r.upload_id, r.outcome"
)
_REFUSE = text(
    "with gone as (delete from list_upload_row r "  # noqa: S608 - our own text
    f"using {_ANSWERED} and v.faults <> '[]' "
    "returning r.upload_id, r.number, r.part, r.text, v.outcome, cast(v.faults as jsonb) as faults"
    ") insert into list_upload_row (upload_id, number, part, outcome, text, faults) "
    "select upload_id, number, :refused, min(outcome), string_agg(text, '；' order by part), "
    "jsonb_agg(faults -> 0 order by part) from gone group by upload_id, number "
    "on conflict (upload_id, number, part) do update "
    "set faults = list_upload_row.faults || excluded.faults returning upload_id, outcome"
)
"""The refused addresses of one row become one refused row."""


@dataclass(frozen=True, slots=True)
class QuestionAnswer:
    """An answer: the number of the place, the township that is asked about, and the decision."""

    place: str
    township: str
    qualifier: str
    is_one: bool


def decide_question(
    session: Session, member: StaffMember, answer: QuestionAnswer, *, seen: int | None = None
) -> Decisions:
    """Decide for the whole county whether it is one place, and store the rows that waited.

    ``seen`` is the version of the place that the person saw.

    Raises:
        PlaceNotFound: there is none, or this person may not write addresses in all of its county.
        Outdated: the place was changed meanwhile.
        Conflict: no row waits for this answer, or the register has since decided otherwise.
    """
    place = get_place(session, answer.place)
    if not may(member, Permission.ADDRESSES_WRITE, place.county.ljust(12, "0")):
        raise PlaceNotFound(f"no place has the number {answer.place}", zh="没有这个地名。")
    lock_places(session, place.county)
    place = get_place(session, answer.place)
    require_seen(session, place.record, seen)
    decisions = answer_question(
        session,
        answer.place,
        answer.township,
        member.actor,
        is_one=answer.is_one,
        qualifier=answer.qualifier,
    )
    _settle_rows(session, decisions)
    audit.record(
        session,
        actor=member.actor,
        action="imports:answer",
        subject=place.number,
        after={"township": answer.township, "one": answer.is_one, "new": len(decisions.new)},
    )
    return decisions


def _settle_rows(session: Session, decisions: Decisions) -> None:
    """Give the waiting rows of uploaded lists what became of them."""
    refused = {
        (one.row.number, one.row.draft.text): reword(one.fault)
        for one in (*decisions.conflicts, *decisions.errors)
    }
    known = (*decisions.changed, *decisions.identified, *decisions.gated)
    placed = [*decisions.new, *(row for _, row in known), *(one.row for one in decisions.same)]
    placed += [one.row for one in (*decisions.conflicts, *decisions.errors)]
    sources = {(row.number, row.draft.text): row.draft.source for row in placed}
    rows = list(list_outcomes(decisions, ()))
    told = [refused.get((one.row, one.text)) for one in rows]
    values = {
        "sources": [sources[one.row, one.text] for one in rows],
        "numbers": [one.row for one in rows],
        "texts": [one.text for one in rows],
        "outcomes": [one.outcome.value for one in rows],
        "codes": [one.code for one in rows],
        "faults": [
            orjson.dumps([["", "", one.reason, one.hint, one.rule]] if one else []).decode()
            for one in told
        ],
    }
    found = [
        *session.execute(_SETTLE, values),
        *session.execute(_REFUSE, values | {"refused": REFUSED}),
    ]
    settled = Counter((int(upload), str(outcome)) for upload, outcome in found)
    lists = select(ListUpload).where(ListUpload.id.in_({upload for upload, _ in settled}))
    for held in session.scalars(lists.order_by(ListUpload.id).with_for_update()):
        before = int(held.result["counts"][RowOutcome.SAME])  # type: ignore[index]
        counts = count_outcomes(session, held.id)
        counts[RowOutcome.SAME] = before + settled[held.id, RowOutcome.SAME.value]
        held.result = {**held.result, "counts": counts}
