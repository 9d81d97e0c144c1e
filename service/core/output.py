"""Output of commands: results on stdout, messages on stderr, progress on a terminal."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

OK, SOME_REFUSED, USAGE, ENVIRONMENT, INTERRUPTED = 0, 1, 2, 3, 130

_stderr = Console(stderr=True, highlight=False)


@dataclass
class ProgressBar:
    """A progress bar."""

    progress: Progress
    task: int

    def advance(self, by: int = 1) -> None:
        """Advance the bar by this many steps."""
        self.progress.advance(self.task, by)  # type: ignore[arg-type]


def say(line: str) -> None:
    """Print a message on stderr."""
    _stderr.print(line, markup=False, soft_wrap=True)


def result(values: dict[str, object], lines: list[str], *, as_json: bool) -> None:
    """Print the result on stdout: exactly one JSON object, or lines for people."""
    if as_json:
        text = json.dumps(values, ensure_ascii=False, default=str)
    else:
        text = "\n".join(lines)
    if text:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


@contextmanager
def progress(label: str, total: int | None) -> Iterator[ProgressBar]:
    """Show a progress bar while the block runs, if stderr is a terminal."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    bar = Progress(*columns, console=_stderr, transient=True, disable=not _stderr.is_terminal)
    with bar:
        yield ProgressBar(bar, bar.add_task(label, total=total))
