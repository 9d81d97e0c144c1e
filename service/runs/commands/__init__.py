"""Commands on runs: by officers and handlers (``runs``), and by workers (``chunks``)."""

from service.runs.commands.runs import (
    QUEUE,
    STEP,
    Chunk,
    ChunkOrder,
    Handler,
    RunBlocked,
    add_chunks,
    cancel_run,
    find_handler,
    handler_of,
    hold_subject,
    pause_run,
    register,
    resume_run,
    start_run,
    wake,
)

__all__ = [
    "QUEUE",
    "STEP",
    "Chunk",
    "ChunkOrder",
    "Handler",
    "RunBlocked",
    "add_chunks",
    "cancel_run",
    "find_handler",
    "handler_of",
    "hold_subject",
    "pause_run",
    "register",
    "resume_run",
    "start_run",
    "wake",
]
