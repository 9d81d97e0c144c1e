"""The batch of a page: one within the person's reach."""

from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.batches.queries.batches import BatchRow, see_batch
from service.core.web import ReadSession


def visible_batch(session: ReadSession, member: StaffMember, number: int) -> BatchRow:
    """A batch within the reach of a person; any other is as if it did not exist.

    Raises:
        BatchNotFound: there is none, or it lies elsewhere.
    """
    return see_batch(session, number, member, Permission.BATCHES_READ)
