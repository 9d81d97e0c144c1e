"""The run of a change of many addresses, chunk by chunk."""

from dataclasses import asdict

from service.bulk_changes.commands import change_addresses
from service.bulk_changes.order import order_from
from service.core.actor import Actor
from service.core.database import Session
from service.runs.commands import Chunk
from service.runs.queries import RunRow


class BulkChangeHandler:
    """Changes addresses; finished chunks stay, whatever happens to the run."""

    def work(self, session: Session, chunk: Chunk) -> dict[str, object]:
        """Change the addresses of one chunk."""
        chosen: list[tuple[str, int]] = chunk.parameters["addresses"]  # type: ignore[assignment]
        order = order_from(chunk.run.parameters["order"])  # type: ignore[arg-type]
        actor = Actor.parse(chunk.run.actor)
        return asdict(change_addresses(session, order, [(c, v) for c, v in chosen], actor))

    def hold(self, session: Session, run: RunRow, *, whole: bool = False) -> None:
        """Nothing: each address is locked by its own command."""

    def discard(self, chunk: Chunk) -> None:
        """Nothing: it writes no files."""

    def finish(self, session: Session, run: RunRow) -> dict[str, object]:
        """The chunks have what became of each address."""
        return {"count": run.parameters["count"]}

    def fail(self, session: Session, run: RunRow, reason: str) -> None:
        """Nothing: the run has the reason; the rest is as it was."""

    def pause(self, session: Session, run: RunRow) -> None:
        """Nothing: the remaining chunks wait."""

    def resume(self, session: Session, run: RunRow) -> None:
        """Nothing: the remaining chunks are done."""

    def cancel(self, session: Session, run: RunRow) -> None:
        """Nothing: what is done stays, each change with its own entry."""
