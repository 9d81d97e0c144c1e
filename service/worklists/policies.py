"""What may be done with a work item in its state."""

from address_model.work import WORK_STATE_NAMES, WorkState, may_work_become
from service.core.errors import Conflict
from service.worklists.queries import WorkRow


def require_work_transition(item: WorkRow, after: WorkState) -> None:
    """Refuse a state that may not follow.

    Raises:
        Conflict: the transition table has no such step.
    """
    before = WorkState(item.state)
    if not may_work_become(before, after):
        raise Conflict(
            f"work item {item.id} is {WORK_STATE_NAMES[before]}",
            mend="reopen it first" if before is not WorkState.OPEN else "there is nothing to do",
        )
