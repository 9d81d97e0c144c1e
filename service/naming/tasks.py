"""The run of a renaming: chunk by chunk, addresses and plates take a place's new name."""

from dataclasses import asdict

from service.core.actor import Actor
from service.core.database import Session
from service.core.errors import Conflict
from service.naming.commands.place_rename import rename_addresses
from service.runs.commands import Chunk
from service.runs.queries import RunRow, list_results


class RenameHandler:
    """Renames addresses; finished chunks stay, whatever happens to the run."""

    def work(self, session: Session, chunk: Chunk) -> dict[str, object]:
        """Rename the addresses of one chunk."""
        run = chunk.run
        codes: list[str] = chunk.parameters["codes"]  # type: ignore[assignment]
        source = str(run.parameters["source"])
        return asdict(rename_addresses(session, codes, Actor.parse(run.actor), source=source))

    def hold(self, session: Session, run: RunRow, *, whole: bool = False) -> None:
        """Nothing: the name is written already, and each chunk locks its own addresses."""

    def discard(self, chunk: Chunk) -> None:
        """Nothing: a renaming writes no files."""

    def finish(self, session: Session, run: RunRow) -> dict[str, object]:
        """Sum up the chunks: renamed, in conflict, frozen."""
        parts = list_results(session, run.id, 1)
        return {
            "addresses": sum(part["addresses"] for part in parts),
            "frozen": [code for part in parts for code in part["frozen"]],
            "conflicts": [one for part in parts for one in part["conflicts"]],
            "plates": sum(part["plates"] for part in parts),
        }

    def fail(self, session: Session, run: RunRow, reason: str) -> None:
        """Nothing: the run has the reason; the rest keeps its old name."""

    def pause(self, session: Session, run: RunRow) -> None:
        """Nothing: the remaining chunks wait."""

    def resume(self, session: Session, run: RunRow) -> None:
        """Nothing: the remaining chunks are done."""

    def cancel(self, session: Session, run: RunRow) -> None:
        """Refuse to cancel: a street has one name.

        Raises:
            Conflict: always.
        """
        raise Conflict(
            "a renaming cannot be cancelled half way",
            hint="let it finish (`menpai runs resume`), then rename the place back",
        )
