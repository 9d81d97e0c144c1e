"""Writes datasets: their definitions, their rows, and the end of both."""

from service.datasets.commands.approval import (
    approve_dataset,
    send_back_dataset,
    submit_dataset,
)
from service.datasets.commands.definitions import (
    change_dataset,
    load_datasets,
    register_dataset,
    withdraw_dataset,
)
from service.datasets.commands.retention import DestroyedRows, destroy_rows
from service.datasets.commands.rows import PushReport, push_rows

__all__ = [
    "DestroyedRows",
    "PushReport",
    "approve_dataset",
    "change_dataset",
    "destroy_rows",
    "load_datasets",
    "push_rows",
    "register_dataset",
    "send_back_dataset",
    "submit_dataset",
    "withdraw_dataset",
]
