"""What is done with runs: by officers (``runs``), by handlers, and by workers (``chunks``)."""

from service.runs.commands.handlers import Chunk, Handler, RunBlocked, register
from service.runs.commands.runs import (
    ChunkOrder,
    add_chunks,
    cancel_run,
    pause_run,
    resume_run,
    start_run,
)

__all__ = [
    "Chunk",
    "ChunkOrder",
    "Handler",
    "RunBlocked",
    "add_chunks",
    "cancel_run",
    "pause_run",
    "register",
    "resume_run",
    "start_run",
]
