"""The forms of datasets, as values."""

import re
from dataclasses import replace
from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from address_model.datasets.definition import DatasetDefinition
from address_model.datasets.fields import DatasetField, ValueType
from address_model.sensitivity import FieldClass
from service.auth.permissions import ROLE_NAMES, Role
from service.core.database import LARGEST_NUMBER

KEPT_FROM_DATA = (Role.ADMINISTRATOR, Role.AUDITOR)
READERS = {role: name for role, name in ROLE_NAMES.items() if role not in KEPT_FROM_DATA}
"""Who may be shown a field that is not public: the roles of those who work with addresses."""

Optional = BeforeValidator(lambda typed: typed or None)
"""An empty field is none."""

Version = Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]
Whole = Annotated[int | None, Optional, Field(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER)]


class DatasetForm(BaseModel):
    """What the form of a dataset sends, besides its fields."""

    model_config = ConfigDict(str_strip_whitespace=True)

    name: str = Field(min_length=1, max_length=40)
    owner: str = Field(min_length=1, max_length=60)
    standard: str = Field("", max_length=80)
    retention_days: Annotated[int | None, Optional, Field(ge=1, le=36_500)] = None
    destroy_by: Annotated[date | None, Optional] = None
    link: str = Field("", max_length=500)
    client: str = Field("", max_length=100)

    def define(self, before: DatasetDefinition | None = None) -> DatasetDefinition:
        """The dataset that is to be registered, with the fields that it had before."""
        return replace(
            before or DatasetDefinition("", ""),
            name=self.name,
            owner=self.owner,
            standard=self.standard,
            retention_days=self.retention_days,
            destroy_by=self.destroy_by,
            link=self.link,
            client=self.client,
        )


class DatasetChange(DatasetForm):
    """The same for a dataset that its editor saw in a version."""

    seen: Version


class FieldForm(BaseModel):
    """What the form of one field sends; the ``for_`` boxes are the roles that see it."""

    model_config = ConfigDict(str_strip_whitespace=True)

    seen: Version
    field_name: str = Field(min_length=1, max_length=32)
    label: str = Field(min_length=1, max_length=12)
    label_en: str = Field("", max_length=40)
    value_type: ValueType
    field_class: FieldClass
    minimum: Whole = None
    maximum: Whole = None
    words: str = Field("", max_length=1000)
    pattern: str = Field("", max_length=80)
    unit: str = Field("", max_length=6)
    for_officer: str = ""
    for_approver: str = ""
    for_crew: str = ""
    for_grid_worker: str = ""
    for_community_officer: str = ""
    for_viewer: str = ""

    @property
    def field(self) -> DatasetField:
        """The field, without what its type has no use for."""
        kind = self.value_type
        is_whole = kind is ValueType.INTEGER
        words = re.split(r"[\s、,，;；]+", self.words) if kind is ValueType.CHOICE else []
        return DatasetField(
            name=self.field_name,
            label=self.label,
            value_type=kind,
            field_class=self.field_class,
            label_en=self.label_en,
            roles=tuple(role for role in READERS if getattr(self, f"for_{role}")),
            minimum=self.minimum if is_whole else None,
            maximum=self.maximum if is_whole else None,
            words=tuple(word for word in words if word),
            pattern=self.pattern if kind is ValueType.CODE else "",
            unit=self.unit if is_whole else "",
        )


class FieldRemoval(BaseModel):
    """Which field is taken out, of the version that was seen."""

    seen: Version
    field_name: str = Field(max_length=32)


class DatasetReason(BaseModel):
    """Why a dataset is sent back or withdrawn, of the version that was seen."""

    model_config = ConfigDict(str_strip_whitespace=True)

    reason: str = Field(min_length=1, max_length=200)
    seen: Version
