"""Pages of datasets: the catalogue of a division, a new one, one with who sees what."""

from operator import attrgetter
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Form, Query, Request
from fastapi.responses import Response

from address_model.datasets.definition import DatasetState
from service.admin.answer import see_other, show, staff_pages
from service.admin.datasets.answer import (
    EVERYWHERE,
    LIST,
    READ,
    WRITE,
    own_dataset,
    show_dataset,
    visible_dataset,
)
from service.admin.datasets.form import DatasetChange, DatasetForm
from service.admin.guards import PickedDivision
from service.admin.scope import scope_of
from service.auth.guards import staff
from service.auth.members import StaffMember, may
from service.auth.queries import list_clients
from service.core.database import LARGEST_NUMBER
from service.core.paging import page_of
from service.core.web import ReadSession, WriteSession, settings_of
from service.datasets import commands
from service.datasets.queries import DatasetFilter, list_datasets
from service.divisions.queries import find_names

router = staff_pages()
Reader = Annotated[StaffMember, staff(READ)]
Writer = Annotated[StaffMember, staff(WRITE)]
PAGE = 50


@router.get(LIST)
def datasets(
    request: Request,
    session: ReadSession,
    member: Reader,
    division: PickedDivision,
    *,
    ended: str = "",
    after: Annotated[int, Query(ge=0, le=LARGEST_NUMBER)] = 0,
) -> Response:
    """The catalogue of a division: owner, standard, freshness."""
    reach = scope_of(session, member, READ, division)
    states = (DatasetState.WITHDRAWN,) if ended else ()
    wanted = DatasetFilter(reach.division, states)
    found = list_datasets(session, wanted, after=after, limit=PAGE + 1)
    shown, following = page_of(found, PAGE, attrgetter("dataset.id"))
    narrowed = {"division": reach.division, "ended": ended}
    places = find_names(session, [one.dataset.division for one in shown])
    return show(
        request,
        member,
        "datasets/datasets.html",
        listed=shown,
        reach=reach,
        ended=ended,
        places={"": EVERYWHERE} | places,
        may_write=may(member, WRITE),
        more=f"{LIST}?{urlencode(narrowed | {'after': following})}" if following else "",
    )


@router.get(f"{LIST}/new")
def new_dataset(
    request: Request, session: ReadSession, member: Writer, division: PickedDivision
) -> Response:
    """The form of a new dataset."""
    return show(
        request,
        member,
        "datasets/new_dataset.html",
        reach=scope_of(session, member, WRITE, division),
        clients=[one.name for one in list_clients(session) if one.is_active],
        code_hosts=settings_of(request).code_link_hosts,
    )


@router.post(f"{LIST}/new")
def register_dataset(
    request: Request,
    session: WriteSession,
    member: Writer,
    division: PickedDivision,
    sent: Annotated[DatasetForm, Form()],
) -> Response:
    """Register a dataset; its fields are added on its page."""
    reach = scope_of(session, member, WRITE, division)
    number = commands.register_dataset(
        session,
        reach.division,
        sent.define(),
        member.actor,
        code_hosts=settings_of(request).code_link_hosts,
    )
    return see_other(f"{LIST}/{number}")


@router.get(LIST + "/{number}")
def dataset(request: Request, session: ReadSession, member: Reader, number: int) -> Response:
    """One dataset: its fields and who sees them, its freshness, its last pushes."""
    return show_dataset(request, session, member, visible_dataset(session, member, number))


@router.post(LIST + "/{number}/change")
def change_dataset(
    request: Request,
    session: WriteSession,
    member: Writer,
    number: int,
    sent: Annotated[DatasetChange, Form()],
) -> Response:
    """Replace what a dataset says besides its fields."""
    held = own_dataset(session, member, number)
    commands.change_dataset(
        session,
        number,
        sent.define(held.definition),
        member,
        seen=sent.seen,
        code_hosts=settings_of(request).code_link_hosts,
    )
    return see_other(f"{LIST}/{number}")
