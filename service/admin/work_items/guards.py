"""The search form of work items: which are listed, printed, exported or changed."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from address_model.work import WorkKind, WorkState
from service.admin.guards import PickedDivision
from service.admin.scope import DivisionScope
from service.core.clock import today
from service.core.database import LARGEST_NUMBER
from service.worklists.queries import WorkFilter

NOBODY = "-"
"""The choice of the field 办理人 for what is given to nobody; no account can have this name."""


class WorkQuery(BaseModel):
    """The fields of the search form, and where the list goes on."""

    division: str = ""
    kind: str = ""
    state: str = WorkState.OPEN
    assignee: str = Field("", max_length=200)
    area: int = Field(0, ge=0, le=LARGEST_NUMBER)
    overdue: str = ""
    after: str = Field("", max_length=200)

    @property
    def kept_state(self) -> WorkState:
        """The state that is listed; what is no state is open."""
        return WorkState(self.state) if self.state in set(WorkState) else WorkState.OPEN

    @property
    def is_narrowed(self) -> bool:
        """Whether more than division and state is asked for."""
        return bool(self.kind or self.assignee or self.area or self.overdue)

    def filter_in(self, reach: DivisionScope) -> WorkFilter:
        """The filter of what is asked for in a division."""
        return WorkFilter(
            division=reach.prefix,
            area_id=self.area or None,
            assignee="" if self.assignee == NOBODY else self.assignee or None,
            kind=WorkKind(self.kind) if self.kind in set(WorkKind) else None,
            due_before=today() if self.overdue else None,
        )

    def link(self, path: str, **changes: str) -> str:
        """The URL of a page about the same items, with some fields changed."""
        fields = self.model_dump() | {"after": ""} | changes
        if fields["state"] == WorkState.OPEN:
            fields["state"] = ""
        asked = urlencode({name: value for name, value in fields.items() if value})
        return f"{path}?{asked}" if asked else path


def read_query(asked: Annotated[WorkQuery, Query()], division: PickedDivision) -> WorkQuery:
    """What the search form says, with the division that its pick list means."""
    return asked.model_copy(update={"division": division})


AskedWork = Annotated[WorkQuery, Depends(read_query)]
"""What the search form of a request says."""
