"""Output of commands: results on stdout, messages on stderr, progress on a terminal."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

OK, SOME_REFUSED, USAGE, ENVIRONMENT, INTERRUPTED = 0, 1, 2, 3, 130

_stderr = Console(stderr=True, highlight=False)


@dataclass
class Speech:
    """How messages are said: as they are written, in English, or translated."""

    translate: Callable[[str], str] = str


_speech = Speech()


def translate_output(translate: Callable[[str], str]) -> None:
    """Translate every message and line from now on; JSON stays as it is."""
    _speech.translate = translate


def in_words(message: str) -> str:
    """A message in the language of the output."""
    return _speech.translate(message)


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
    _stderr.print(in_words(line), markup=False, soft_wrap=True)


def result(values: dict[str, object], lines: list[str], *, as_json: bool) -> None:
    """Print the result on stdout: exactly one JSON object, or lines for people."""
    if as_json:
        text = json.dumps(values, ensure_ascii=False, default=str)
    else:
        text = "\n".join(map(in_words, lines))
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
        yield ProgressBar(bar, bar.add_task(in_words(label), total=total))
