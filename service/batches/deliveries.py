"""The run that moves the plates of a batch on when it goes to its maker or comes back."""

from address_model.lifecycle import PlateStatus
from service.batches.commands import delivery
from service.core.actor import Actor
from service.core.database import Session
from service.runs.commands import Chunk
from service.runs.queries import RunRow


class DeliveryHandler:
    """Moves plates; what is moved already stays so, whatever happens to the run."""

    def work(self, session: Session, chunk: Chunk) -> dict[str, object]:
        """Move the plates of one part."""
        said = chunk.parameters
        batch_id = int(str(chunk.run.parameters["batch"]))
        bounds, after = (str(said["first"]), str(said["last"])), PlateStatus(str(said["after"]))
        actor = Actor.parse(chunk.run.actor)
        moved = delivery.move_plates(session, batch_id, bounds, after, actor)
        return {"moved": moved}

    def hold(self, session: Session, run: RunRow, *, whole: bool = False) -> None:
        """Nothing: only the plates move, and each part locks its own."""

    def discard(self, chunk: Chunk) -> None:
        """Nothing: it writes no files."""

    def finish(self, session: Session, run: RunRow) -> dict[str, object]:
        """All are moved."""
        return dict(run.parameters)

    def fail(self, session: Session, run: RunRow, reason: str) -> None:
        """The run says why; the batch stays where it is."""

    def pause(self, session: Session, run: RunRow) -> None:
        """The rest waits."""

    def resume(self, session: Session, run: RunRow) -> None:
        """The rest is moved."""

    def cancel(self, session: Session, run: RunRow) -> None:
        """What is moved stays so."""
