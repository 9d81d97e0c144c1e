"""What pages of datasets share: whose they are, and the page of one."""

from fastapi import Request
from fastapi.responses import Response

from address_model.datasets.fields import CLASSES, VALUE_TYPE_NAMES
from service.admin.answer import show
from service.admin.datasets.form import READERS
from service.approvals.queries import find_latest
from service.auth.members import StaffMember, may, require
from service.auth.permissions import ROLE_NAMES, Permission, Role
from service.auth.queries import list_clients
from service.core.web import ReadSession, settings_of
from service.datasets.commands import PushReport
from service.datasets.policies import KIND
from service.datasets.queries import (
    DatasetNotFound,
    RegisteredDataset,
    count_rows,
    get_dataset,
    list_pushes,
)
from service.divisions.queries import find_names

READ, WRITE = Permission.DATASETS_READ, Permission.DATASETS_WRITE
APPROVE = Permission.DATASETS_APPROVE
LIST = "/admin/datasets"
EVERYWHERE = "全部区划"
SHOWN_FAULTS = 20


def visible_dataset(session: ReadSession, member: StaffMember, number: int) -> RegisteredDataset:
    """The dataset, if it holds in one of the person's divisions, or in a part of it.

    Raises:
        DatasetNotFound: as if it did not exist.
    """
    found = get_dataset(session, number)
    own = member.scopes(READ)
    if not any(found.prefix.startswith(one) or one.startswith(found.prefix) for one in own):
        raise DatasetNotFound(f"there is no dataset {number}")
    return found


def own_dataset(session: ReadSession, member: StaffMember, number: int) -> RegisteredDataset:
    """The dataset, if the person may change it.

    Raises:
        DatasetNotFound, NotAllowed: it is of other divisions, or of a wider one.
    """
    found = visible_dataset(session, member, number)
    require(member, WRITE, found.division)
    return found


def show_dataset(
    request: Request,
    session: ReadSession,
    member: StaffMember,
    dataset: RegisteredDataset,
    report: PushReport | None = None,
) -> Response:
    """The page of one dataset, with the forms that the person may send.

    ``report`` is of the rows that were just uploaded.
    """
    latest = find_latest(session, KIND, str(dataset.id))
    rows, fresh_at = count_rows(session, dataset.id)
    return show(
        request,
        member,
        "datasets/dataset.html",
        dataset=dataset,
        rows=rows,
        fresh_at=fresh_at,
        place=find_names(session, [dataset.division]).get(dataset.division, EVERYWHERE),
        pushes=list_pushes(session, dataset.id),
        latest=latest,
        awaits=latest is not None and not latest.decision,
        digest=dataset.definition.digest,
        may_write=may(member, WRITE, dataset.division) and not dataset.withdrawn_at,
        may_approve=may(member, APPROVE, dataset.division)
        and latest is not None
        and latest.author_id != member.account_id,
        clients=[one.name for one in list_clients(session) if one.is_active],
        code_hosts=settings_of(request).code_link_hosts,
        readers=READERS,
        role_names={str(role): ROLE_NAMES[role] for role in Role},
        classes=CLASSES,
        types=VALUE_TYPE_NAMES,
        report=report,
        faults=report.faults[:SHOWN_FAULTS] if report else (),
    )
