"""Who may see a run."""

from service.auth.callers import Caller
from service.auth.permissions import Permission
from service.runs.queries import RunRow


def may_see(run: RunRow, caller: Caller) -> bool:
    """Callers see the runs they started; staff also see those of their divisions.

    The division of a run (a code prefix) is one of its parameters; a run without one belongs to the
    whole register.
    """
    if run.actor == str(caller.actor):
        return True
    division = str(run.parameters.get("division", ""))
    return caller.member is not None and caller.may(Permission.RUNS_READ, division)
