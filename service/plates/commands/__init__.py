"""Writes about plates, one function a use case, each within the caller's transaction."""

from service.plates.commands.blanks import bind_blank_plate, issue_blank_plates
from service.plates.commands.field import (
    confirm_plate,
    install_plate,
    repair_plate,
    report_plate,
)
from service.plates.commands.issuing import issue_plates, open_batch
from service.plates.commands.replacing import ReplacementOrder, replace_plate, void_plate
from service.plates.commands.trials import move_trial_batches
from service.plates.commands.visiting import record_visit

__all__ = [
    "ReplacementOrder",
    "bind_blank_plate",
    "confirm_plate",
    "install_plate",
    "issue_blank_plates",
    "issue_plates",
    "move_trial_batches",
    "open_batch",
    "record_visit",
    "repair_plate",
    "replace_plate",
    "report_plate",
    "void_plate",
]
