"""The steps of a dataset at the desk: fields in and out, approval, the end."""

from dataclasses import replace
from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import Response

from address_model.datasets.fields import DatasetField
from service.admin.answer import Seen, see_other, staff_pages
from service.admin.datasets.answer import APPROVE, LIST, WRITE, own_dataset, visible_dataset
from service.admin.datasets.form import DatasetReason, FieldForm, FieldRemoval
from service.auth.guards import staff
from service.auth.members import StaffMember
from service.core.web import WriteSession, settings_of
from service.datasets import commands

router = staff_pages()
Writer = Annotated[StaffMember, staff(WRITE)]
Approver = Annotated[StaffMember, staff(APPROVE)]


@router.post(LIST + "/{number}/fields")
def set_field(
    request: Request,
    session: WriteSession,
    member: Writer,
    number: int,
    sent: Annotated[FieldForm, Form()],
) -> Response:
    """Add a field, or put it in the place of that with its name."""
    held = own_dataset(session, member, number).fields
    names = [one.name for one in held]
    fields = [sent.field if one.name == sent.field_name else one for one in held]
    if sent.field_name not in names:
        fields.append(sent.field)
    return _change_fields(request, session, member, (number, sent.seen), fields)


@router.post(LIST + "/{number}/fields/remove")
def remove_field(
    request: Request,
    session: WriteSession,
    member: Writer,
    number: int,
    sent: Annotated[FieldRemoval, Form()],
) -> Response:
    """Take a field out; its values stay in the rows, and are shown to nobody."""
    held = own_dataset(session, member, number).fields
    fields = [one for one in held if one.name != sent.field_name]
    return _change_fields(request, session, member, (number, sent.seen), fields)


def _change_fields(
    request: Request,
    session: WriteSession,
    member: StaffMember,
    subject: tuple[int, int],
    fields: list[DatasetField],
) -> Response:
    number, seen = subject
    definition = own_dataset(session, member, number).definition
    commands.change_dataset(
        session,
        number,
        replace(definition, fields=tuple(fields)),
        member,
        seen=seen,
        code_hosts=settings_of(request).code_link_hosts,
    )
    return see_other(f"{LIST}/{number}#fields")


@router.post(LIST + "/{number}/submit")
def submit(session: WriteSession, member: Writer, number: int, seen: Seen) -> Response:
    """Ask a second person to approve a dataset."""
    own_dataset(session, member, number)
    commands.submit_dataset(session, number, member, seen=seen)
    return see_other(f"{LIST}/{number}")


@router.post(LIST + "/{number}/approve")
def approve(
    session: WriteSession,
    member: Approver,
    number: int,
    *,
    seen: Seen,
    agreed: Annotated[str, Form(pattern="^[0-9a-f]{64}$")],
) -> Response:
    """Approve a colleague's dataset; ``agreed`` is the digest of what the page showed."""
    visible_dataset(session, member, number)
    commands.approve_dataset(session, number, member, seen=seen, agreed=agreed)
    return see_other(f"{LIST}/{number}")


@router.post(LIST + "/{number}/send-back")
def send_back(
    session: WriteSession, member: Approver, number: int, sent: Annotated[DatasetReason, Form()]
) -> Response:
    """Send a colleague's dataset back, with a reason."""
    visible_dataset(session, member, number)
    commands.send_back_dataset(session, number, sent.reason, member, seen=sent.seen)
    return see_other(f"{LIST}/{number}")


@router.post(LIST + "/{number}/withdraw")
def withdraw(
    session: WriteSession, member: Writer, number: int, sent: Annotated[DatasetReason, Form()]
) -> Response:
    """Take a dataset from all pages and calls."""
    own_dataset(session, member, number)
    commands.withdraw_dataset(session, number, sent.reason, member, seen=sent.seen)
    return see_other(f"{LIST}/{number}")
