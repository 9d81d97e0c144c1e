"""Questions that rows of lists wait for: one street or two?"""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Form, Query, Request
from fastapi.responses import Response

from service.admin.answer import Seen, see_other, show, staff_message, staff_pages
from service.admin.imports.question_sketch import HEIGHT, WIDTH, draw_question, tell_distance
from service.auth.guards import staff
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core.database import Session, discard
from service.core.errors import MenpaiError, NotFound, Outdated, status_of
from service.core.web import ReadSession, WriteSession
from service.imports.commands import WaitingQuestion, list_questions
from service.imports.commands.question_answers import QuestionAnswer, decide_question
from service.imports.uploads.queries.questions import list_evidence

router = staff_pages()
WRITE = Permission.ADDRESSES_WRITE
Writer = Annotated[StaffMember, staff(WRITE)]
Qualifier = Annotated[str, Query(max_length=40)]
SHOWN = 100
NO_TOWNSHIP = "-"
"""Stands in a path for a question about doors without a township."""


class QuestionNotFound(NotFound):
    """Nothing waits for an answer about this place and township."""


@router.get("/admin/imports/questions")
def questions(request: Request, session: ReadSession, member: Writer) -> Response:
    """The open questions of a person's divisions, those with most rows first."""
    found = list(_list_seen(session, member))
    return show(
        request,
        member,
        "imports/questions.html",
        questions=found[:SHOWN],
        total=len(found),
        no_township=NO_TOWNSHIP,
    )


@router.get("/admin/imports/questions/{place}/{township}")
def question(
    request: Request,
    session: ReadSession,
    member: Writer,
    place: str,
    township: str,
    *,
    qualifier: Qualifier = "",
) -> Response:
    """One question, with what speaks for either answer."""
    asked = _find(session, member, place, township, qualifier)
    return _show(request, session, member, asked)


@router.post("/admin/imports/questions/{place}/{township}")
def answer(
    request: Request,
    session: WriteSession,
    member: Writer,
    place: str,
    township: str,
    *,
    seen: Seen,
    decision: Annotated[str, Form(alias="answer", pattern="^(one|two)$")],
    qualifier: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Decide; all rows that waited are stored. Rows that are refused then are shown with why."""
    asked = _find(session, member, place, township, qualifier)
    decided = QuestionAnswer(place, asked.township, qualifier, decision == "one")
    try:
        done = decide_question(session, member, decided, seen=seen)
    except (Outdated, NotFound):
        raise
    except MenpaiError as fault:
        discard(session)
        return _show(request, session, member, asked, fault)
    refused = [*done.conflicts, *done.errors]
    if not refused:
        return see_other("/admin/imports/questions")
    return show(request, member, "imports/answered.html", asked=asked, done=done, refused=refused)


def _show(
    request: Request,
    session: Session,
    member: StaffMember,
    asked: WaitingQuestion,
    fault: MenpaiError | None = None,
) -> Response:
    evidence = list_evidence(session, asked.place.id, asked.township, asked.qualifier)
    nearest = evidence.nearest_m
    return show(
        request,
        member,
        "imports/question.html",
        status_code=status_of(fault) if fault else 200,
        problem=staff_message(fault) if fault else "",
        asked=asked,
        evidence=evidence,
        nearest="" if nearest is None else tell_distance(nearest),
        sketch=draw_question(evidence),
        width=WIDTH,
        height=HEIGHT,
        tell_distance=tell_distance,
        may_answer=may(member, WRITE, asked.place.county.ljust(12, "0")),
        no_township=NO_TOWNSHIP,
    )


def _find(
    session: Session, member: StaffMember, place: str, township: str, qualifier: str
) -> WaitingQuestion:
    """The question about a place and township, if this person may see it.

    Raises:
        QuestionNotFound: nothing waits for it, or it is of another division.
    """
    key = (place, "" if township == NO_TOWNSHIP else township, qualifier)
    for one in _list_seen(session, member):
        if (one.place.number, one.township, one.qualifier) == key:
            return one
    raise QuestionNotFound(
        f"nothing waits for {place} in {township}", zh="没有这个问题，或者已经有人定了。"
    )


def _list_seen(session: Session, member: StaffMember) -> Iterator[WaitingQuestion]:
    """The questions about a place or township of the person's divisions."""
    scopes = member.scopes(WRITE)
    for county in sorted({scope[:6] for scope in scopes}):
        for one in list_questions(session, county=county):
            lies = [one.place.county, one.township, *(t.code for t in one.place.townships)]
            if any(code.startswith(scope) for scope in scopes for code in lies):
                yield one
