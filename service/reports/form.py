"""The form of a report as it was sent, and what it shows while it is not sent yet."""

import re
import secrets
from dataclasses import dataclass, replace
from typing import BinaryIO

from address_model.reports import ReportKind
from service.core.words import Words, mark
from service.reports.screen import screen_text

_ONCE = re.compile(r"[0-9A-Za-z_-]{16,40}")
NO_KIND = mark("请先选是哪一种问题。")


@dataclass(frozen=True, slots=True)
class ReportForm:
    """What was typed and chosen; ``photo`` is the name of a stored photo, "" for none.

    ``is_seen``: its sender has seen text and photo as they will be kept. ``faults`` say what is to
    be changed before it can be sent.
    """

    kind: ReportKind | None = None
    text: str = ""
    photo: str = ""
    once: str = ""
    is_seen: bool = False
    faults: tuple[str, ...] = ()

    @property
    def is_ready(self) -> bool:
        """Whether it may be sent: there is nothing to look at, or it was looked at."""
        return self.is_seen or not (self.text or self.photo)

    def with_faults(self, *faults: str) -> "ReportForm":
        """The same with further faults."""
        return replace(self, faults=self.faults + faults)


@dataclass(frozen=True, slots=True)
class SentForm:
    """The fields as they came, and the file of the photo."""

    kind: str = ""
    text: str = ""
    photo: str = ""
    once: str = ""
    step: str = ""
    file: BinaryIO | None = None


def begin_form(kind: str) -> ReportForm:
    """An empty form for a kind, with a value of its own; without a kind if there is no such."""
    return ReportForm(_kind_of(kind), once=secrets.token_urlsafe(16))


def read_form(sent: SentForm, words: Words) -> ReportForm:
    """The form that was sent, screened; its photo is still as it came."""
    kind, once = _kind_of(sent.kind), sent.once
    text, faults = screen_text(sent.text, words)
    if kind is None:
        faults = [words(NO_KIND), *faults]
    if not _ONCE.fullmatch(once):
        once = secrets.token_urlsafe(16)
    return ReportForm(kind, text, sent.photo, once, sent.step == "send", tuple(faults))


def _kind_of(text: str) -> ReportKind | None:
    return ReportKind(text) if text in set(ReportKind) else None
