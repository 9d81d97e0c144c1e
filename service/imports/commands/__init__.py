"""Imports address lists and position lists, and decides on waiting rows."""

from service.imports.commands.list_import import (
    ImportOptions,
    build_placer,
    import_addresses,
)
from service.imports.commands.positions import (
    PositionOptions,
    PositionReport,
    import_positions,
)
from service.imports.commands.waiting_rows import WaitingQuestion, answer_question, list_questions
from service.imports.reports import ImportReport

__all__ = [
    "ImportOptions",
    "ImportReport",
    "PositionOptions",
    "PositionReport",
    "WaitingQuestion",
    "answer_question",
    "build_placer",
    "import_addresses",
    "import_positions",
    "list_questions",
]
