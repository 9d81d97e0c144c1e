"""Datasets and their forms, for the samples of routes."""

from collections.abc import Callable
from itertools import count

from tests.factories.datasets import make_draft_dataset, make_pushed_dataset, make_submitted_dataset
from tests.factories.office import COUNTIES, Office

_numbers = count(1)
DATASET_RECORDS: dict[str, Callable[[Office, str], dict[str, str]]] = {
    "/admin/datasets/{number}": make_draft_dataset,
    "/admin/datasets/{number}/approve": make_submitted_dataset,
    "/admin/datasets/{number}/send-back": make_submitted_dataset,
    "/admin/datasets/{number}/pushes/{push}": make_pushed_dataset,
}
"""How a dataset is made for its forms, by the beginning of the path."""

DATASET_FIELDS: dict[str, Callable[[str], dict[str, str]]] = {
    "/admin/datasets/new": lambda side: (
        {"name": f"演示：数据集 {next(_numbers)}", "owner": "示例单位", "division": COUNTIES[side]}
    ),
    "/admin/datasets/{number}/change": lambda _: {
        "name": f"演示：改名 {next(_numbers)}",
        "owner": "示例单位",
    },
    "/admin/datasets/{number}/fields": lambda _: {
        "field_name": "built_in",
        "label": "建成年份",
        "value_type": "year",
        "field_class": "public",
    },
    "/admin/datasets/{number}/fields/remove": lambda _: {"field_name": "built_in"},
    "/admin/datasets/{number}/send-back": lambda _: {"reason": "缺依据"},
    "/admin/datasets/{number}/withdraw": lambda _: {"reason": "停用"},
}
"""What a form sends, by path."""

DATASET_LET_IN = {("POST", "/admin/datasets/{number}/rows"): {422}}  # without a file
"""What a route answers to whoever was let in, where it is not a page or a way on."""
