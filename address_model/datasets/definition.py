"""What an owner says of a dataset besides its rows, and the digest that is approved."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from address_model.datasets.fields import DatasetField, fields_to_plain


class DatasetState(StrEnum):
    """Where a dataset stands; only an approved one is shown to anybody."""

    DRAFT = "draft"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


DATASET_STATE_NAMES = dict(zip(DatasetState, ("草稿", "已批准", "已撤下"), strict=True))


@dataclass(frozen=True, slots=True)
class DatasetDefinition:
    """A dataset as its owner registers it.

    ``client`` is the program that pushes its rows, "" for none; ``retention_days`` how long a row
    is kept after it last changed, None without end; ``destroy_by`` the last day of all rows;
    ``link`` an https URL that may contain ``{code}``.
    """

    name: str
    owner: str
    standard: str = ""
    fields: tuple[DatasetField, ...] = ()
    retention_days: int | None = None
    destroy_by: date | None = None
    link: str = ""
    client: str = ""
    is_sample: bool = False

    @property
    def digest(self) -> str:
        """The SHA-256, in hex, of all that a second person agrees to."""
        said = [
            self.name,
            self.owner,
            self.standard,
            fields_to_plain(self.fields),
            self.retention_days,
            None if self.destroy_by is None else self.destroy_by.isoformat(),
            self.link,
            self.client,
            self.is_sample,
        ]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
