"""A kind of run for tests: each chunk writes one line and follows its parameters."""

import os
import signal
import time
from dataclasses import dataclass, field

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.runs.commands import Chunk, RunBlocked, register
from service.runs.queries import RunRow

KIND = "test"


@dataclass
class TestHandler:
    """Writes into ``row_error``, which nothing else uses here, and records its calls."""

    __test__ = False

    told: list[str] = field(default_factory=list)
    broken: bool = True

    def work(self, session: Session, chunk: Chunk) -> dict[str, object]:
        wish = str(chunk.parameters.get("do", ""))
        session.execute(
            text("insert into row_error values (:r, :c, 'line', :p, '')"),
            {"r": chunk.run.id, "c": chunk.number, "p": str(os.getpid())},
        )
        if wish == "block" and self.broken:
            raise RunBlocked("plate 7 is bad", hint="clean it")
        if wish == "err" and self.broken:
            raise OSError(28, "No space left on device")
        if wish == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(float(str(chunk.parameters.get("sleep", 0))))
        return {"number": chunk.number}

    def hold(self, session: Session, run: RunRow, *, whole: bool = False) -> None:
        """Nothing else is changed with these runs."""

    def discard(self, chunk: Chunk) -> None:
        """It writes no files."""

    def finish(self, session: Session, run: RunRow) -> dict[str, object]:
        self.told.append("finish")
        return {"chunks": run.total}

    def fail(self, session: Session, run: RunRow, reason: str) -> None:
        self.told.append(f"fail: {reason}")

    def pause(self, session: Session, run: RunRow) -> None:
        self.told.append("pause")

    def resume(self, session: Session, run: RunRow) -> None:
        self.told.append("resume")

    def cancel(self, session: Session, run: RunRow) -> None:
        self.told.append("cancel")


def register_test_runs() -> TestHandler:
    """Register the kind, and return its handler."""
    handler = TestHandler()
    register(KIND, handler)
    return handler
