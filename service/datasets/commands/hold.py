"""Locks a dataset before it is judged."""

from sqlalchemy.orm import Session

from address_model.datasets.definition import DatasetState
from service.audit.policies import require_seen
from service.core.errors import Conflict
from service.datasets.queries import RegisteredDataset, get_dataset


def hold_dataset(session: Session, number: int, seen: int | None) -> RegisteredDataset:
    """The dataset, locked, as its editor saw it.

    Raises:
        DatasetNotFound, Conflict: there is none, or it was withdrawn.
        Outdated: it has changed since the caller saw version ``seen``.
    """
    held = get_dataset(session, number, lock=True)
    require_seen(session, held.record, seen)
    if held.state is DatasetState.WITHDRAWN:
        raise Conflict(
            f"dataset {number} was withdrawn",
            hint="register it again as a new one",
            zh="这个数据集已经撤下。要恢复的，请重新登记。",
        )
    return held
