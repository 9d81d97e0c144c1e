"""Requests and responses of the reconciliation service, as specified."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel, model_validator

from service.heritage.reconciliation.scores import ReconcileQuery, Scored

MOST_QUERIES = 50
PLACE_PROPERTIES = ("county", "city", "division")
"""The properties of a query that restrict the location."""


class EntityIn(BaseModel):
    """A property value that is itself a reconciled entity."""

    id: str = Field(max_length=100)
    name: str = Field("", max_length=100)


Value = str | int | float | bool | EntityIn


class PropertyIn(BaseModel):
    """A property with the value or values a candidate should have."""

    pid: str = Field(max_length=64)
    v: Value | list[Value]

    @property
    def texts(self) -> list[str]:
        """The values as texts."""
        values = self.v if isinstance(self.v, list) else [self.v]
        return [one.name or one.id if isinstance(one, EntityIn) else str(one) for one in values]


class QueryIn(BaseModel):
    """One query of a batch."""

    model_config = ConfigDict(extra="forbid")

    query: str = Field("", max_length=100)
    type: str | list[str] = ""
    limit: int = Field(10, ge=1, le=50)
    properties: list[PropertyIn] = Field(default_factory=list, max_length=10)
    type_strict: Literal["any", "should", "all"] = "any"

    @model_validator(mode="after")
    def _require_content(self) -> "QueryIn":
        if not self.query and not self.properties:
            raise ValueError("a query needs a text or properties")
        return self

    def wanted(self) -> ReconcileQuery:
        """The query to score; unknown properties are ignored."""
        types = [self.type] if isinstance(self.type, str) else self.type
        places = [
            text for one in self.properties if one.pid in PLACE_PROPERTIES for text in one.texts
        ]
        return ReconcileQuery(
            self.query, tuple(filter(None, places)), tuple(filter(None, types)), self.limit
        )


class QueriesIn(RootModel[dict[str, QueryIn]]):
    """A batch of queries by key."""

    root: dict[str, QueryIn] = Field(max_length=MOST_QUERIES)


class AskedProperty(BaseModel):
    """A property to extend a table with."""

    id: str = Field(max_length=64)
    settings: dict[str, Any] = Field(default_factory=dict)


class ExtendIn(BaseModel):
    """A data extension request: entries and properties."""

    ids: list[str] = Field(max_length=MOST_QUERIES)
    properties: list[AskedProperty] = Field(max_length=20)


class TypeOut(BaseModel):
    """A class of entries."""

    id: str
    name: str


class ReconciledOut(BaseModel):
    """A candidate; ``match`` is true for the only certain one."""

    id: str
    name: str
    description: str
    score: float
    match: bool
    type: list[TypeOut]

    @classmethod
    def of(cls, one: Scored) -> "ReconciledOut":
        """From a scored candidate; the description mentions a former name that matched."""
        found, description = one.candidate, one.candidate.description
        if one.by_name != found.name:
            description = f"旧称或别名“{one.by_name}”；{description}"
        return cls(
            id=found.id,
            name=found.name,
            description=description,
            score=one.score,
            match=one.is_match,
            type=[TypeOut(id=found.type_id, name=found.type_name)],
        )


class ResultOut(BaseModel):
    """The candidates of one query."""

    result: list[ReconciledOut]
