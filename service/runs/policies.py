"""Who may see a run."""

from service.core.actor import Actor
from service.runs.queries import RunRow


def may_see(run: RunRow, actor: Actor) -> bool:
    """A client sees the runs it started itself, and no other's."""
    return run.actor == str(actor)
