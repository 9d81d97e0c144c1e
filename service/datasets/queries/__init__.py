"""Reads datasets: their definitions, their rows, what an address shows of them."""

from service.datasets.queries.datasets import (
    DatasetFilter,
    DatasetNotFound,
    ListedDataset,
    RegisteredDataset,
    SubmittedDataset,
    count_rows,
    get_dataset,
    list_datasets,
    list_datasets_to_approve,
    load_dataset_register,
)
from service.datasets.queries.pushes import (
    PushFault,
    PushNotFound,
    PushRow,
    get_push,
    list_pushes,
)
from service.datasets.queries.rows import (
    ROWS_OF_CODES,
    ListedRow,
    fetch_rows,
    find_rows,
    find_shown_fields,
    list_rows,
    stored_row,
)

__all__ = [
    "ROWS_OF_CODES",
    "DatasetFilter",
    "DatasetNotFound",
    "ListedDataset",
    "ListedRow",
    "PushFault",
    "PushNotFound",
    "PushRow",
    "RegisteredDataset",
    "SubmittedDataset",
    "count_rows",
    "fetch_rows",
    "find_rows",
    "find_shown_fields",
    "get_dataset",
    "get_push",
    "list_datasets",
    "list_datasets_to_approve",
    "list_pushes",
    "list_rows",
    "load_dataset_register",
    "stored_row",
]
