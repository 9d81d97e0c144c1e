"""Writes about plates, one function per use case, each within the caller's transaction."""

from service.plates.commands.blanks import bind_blank_plate, issue_blank_plates
from service.plates.commands.check_ins import accept_check_in, refuse_check_in, repeat_check_in
from service.plates.commands.field import (
    confirm_plate,
    install_plate,
    repair_plate,
    report_plate,
    take_down_plate,
)
from service.plates.commands.issue import (
    hold_doors_without_plate,
    issue_plates,
    open_batch,
)
from service.plates.commands.photo_quota import PhotoQuotaReached, count_photo
from service.plates.commands.replacement import ReplacementRequest, replace_plate, void_plate
from service.plates.commands.settlement import (
    follow_addresses,
    note_printed,
    settle_page,
    settle_plates,
)
from service.plates.commands.trial_plates import move_trial_batches
from service.plates.commands.visits import record_visit

__all__ = [
    "PhotoQuotaReached",
    "ReplacementRequest",
    "accept_check_in",
    "bind_blank_plate",
    "confirm_plate",
    "count_photo",
    "follow_addresses",
    "hold_doors_without_plate",
    "install_plate",
    "issue_blank_plates",
    "issue_plates",
    "move_trial_batches",
    "note_printed",
    "open_batch",
    "record_visit",
    "refuse_check_in",
    "repair_plate",
    "repeat_check_in",
    "replace_plate",
    "report_plate",
    "settle_page",
    "settle_plates",
    "take_down_plate",
    "void_plate",
]
