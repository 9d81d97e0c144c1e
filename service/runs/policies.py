"""Who may see a run."""

from service.auth.callers import Caller
from service.auth.permissions import Permission
from service.runs.queries import RunRow


def may_see(run: RunRow, caller: Caller) -> bool:
    """Everybody sees the runs they started; members of staff also those of their divisions.

    The division of a run (a prefix of codes) stands in its parameters; a run without one is of the
    whole register.
    """
    if run.actor == str(caller.actor):
        return True
    division = str(run.parameters.get("division", ""))
    return caller.member is not None and caller.may(Permission.RUNS_READ, division)
