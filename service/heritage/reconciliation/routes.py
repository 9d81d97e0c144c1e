"""The reconciliation service, for matching lists in OpenRefine and similar tools.

Implements the Reconciliation Service API 0.2 of the W3C Entity Reconciliation Community Group:
service manifest, query batches, suggest and data extension; no preview, as our pages forbid frames.
"""

import json
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field, ValidationError

from service.core.errors import BadRequest
from service.core.web import StandbySession
from service.heritage.labels import CLASSES
from service.heritage.queries import list_entries
from service.heritage.reconciliation.properties import extend, list_properties
from service.heritage.reconciliation.queries import list_candidates
from service.heritage.reconciliation.schemas import (
    MOST_QUERIES,
    PLACE_PROPERTIES,
    ExtendIn,
    QueriesIn,
    ReconciledOut,
    ResultOut,
)
from service.heritage.reconciliation.scores import Names, ReconcileQuery, reconcile
from service.heritage.routes import base_of

router = APIRouter(prefix="/reconcile", tags=["reconciliation"])
_LONGEST, _LONGEST_IN_ADDRESS = 200_000, 2_000
"""Maximum characters of a query batch in a body, and in a URL, as proxies limit those."""
_SPECIFIED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "As specified by the Reconciliation Service API 0.2.",
        "content": {
            "application/json": {"schema": {"type": "object", "additionalProperties": True}}
        },
    }
}
Queries = Field(
    description=f"JSON: a batch of queries by key, at most {MOST_QUERIES}.",
    examples=['{"q0": {"query": "西陵"}}'],
)
Extension = Field(
    description="JSON: ids of entries, and the properties to add.",
    examples=['{"ids": ["ZJH-0087"], "properties": [{"id": "county"}]}'],
)
Prefix = Field(max_length=40, description="The text typed.", examples=["西"])
_M = TypeVar("_M", bound=BaseModel)


class OpenJson(Response):
    """JSON with CORS for all origins: the service is public and uses no cookies."""

    media_type = "application/json"

    def __init__(self, value: Any) -> None:
        text = json.dumps(value, ensure_ascii=False)
        super().__init__(text, headers={"Access-Control-Allow-Origin": "*"})


@router.get("", operation_id="getReconciliation", responses=_SPECIFIED)
def get_reconciliation(
    *,
    request: Request,
    session: StandbySession,
    queries: Annotated[str, Query(max_length=_LONGEST_IN_ADDRESS), Queries] = "",
    extend: Annotated[str, Query(max_length=_LONGEST_IN_ADDRESS), Extension] = "",
) -> OpenJson:
    """The service manifest, or the results of queries."""
    if queries or extend:
        return _respond(session, queries, extend)
    base = base_of(request)
    service = base.removesuffix("/heritage/") + "/api/v1/reconcile"
    return OpenJson(
        {
            "versions": ["0.2"],
            "name": "Menpai 地名文化遗产",
            "identifierSpace": base,
            "schemaSpace": "https://schema.org/Place",
            "documentation": base.removesuffix("heritage/") + "docs",
            "view": {"url": base + "{{id}}"},
            "defaultTypes": _types(),
            "batchSize": MOST_QUERIES,
            "suggest": {
                kind: {"service_url": service, "service_path": f"/suggest/{kind}"}
                for kind in ("entity", "type", "property")
            },
            "extend": {
                "propose_properties": {"service_url": service, "service_path": "/properties"},
                "property_settings": [],
            },
        }
    )


@router.post("", operation_id="postReconciliation", responses=_SPECIFIED)
def post_reconciliation(
    *,
    session: StandbySession,
    queries: Annotated[str, Form(max_length=_LONGEST), Queries] = "",
    extend: Annotated[str, Form(max_length=_LONGEST), Extension] = "",
) -> OpenJson:
    """Reconcile a batch of queries, or extend reconciled entries with property values."""
    return _respond(session, queries, extend)


@router.get("/suggest/entity", operation_id="suggestHeritage", responses=_SPECIFIED)
def suggest_entity(
    session: StandbySession, prefix: Annotated[str, Query(min_length=1), Prefix]
) -> OpenJson:
    """Suggest entries by a part of their names."""
    found = reconcile(ReconcileQuery(prefix), Names(list_candidates(session)))
    shown = [ReconciledOut.of(one) for one in found]
    return OpenJson(
        {"result": [one.model_dump(include={"id", "name", "description"}) for one in shown]}
    )


@router.get("/suggest/type", operation_id="suggestHeritageType", responses=_SPECIFIED)
def suggest_type(prefix: Annotated[str, Query(), Prefix] = "") -> OpenJson:
    """Suggest classes by a part of their id or name."""
    return OpenJson({"result": [one for one in _types() if _matches(prefix, one)]})


@router.get("/suggest/property", operation_id="suggestHeritageProperty", responses=_SPECIFIED)
def suggest_property(prefix: Annotated[str, Query(), Prefix] = "") -> OpenJson:
    """Suggest properties that restrict a query."""
    names = {"county": "县市区", "city": "地区", "division": "行政区划代码"}
    found = [{"id": one, "name": names[one]} for one in PLACE_PROPERTIES]
    return OpenJson({"result": [one for one in found if _matches(prefix, one)]})


@router.get("/properties", operation_id="listHeritageProperties", responses=_SPECIFIED)
def list_extensions(
    type: Annotated[  # noqa: A002 - the name in the specification
        str, Query(max_length=32, description="The class of the entries.", examples=["bridge"])
    ] = "",
) -> OpenJson:
    """The properties that reconciled entries can be extended with."""
    return OpenJson({"properties": list_properties(), "type": type or "place"})


def _respond(session: StandbySession, queries: str, wanted: str) -> OpenJson:
    if wanted:
        asked = _parse(ExtendIn, wanted)
        entries = list_entries(session, asked.ids)
        return OpenJson(extend(entries, [one.id for one in asked.properties], asked.ids))
    if not queries:
        raise BadRequest("queries are missing", hint='send queries={"q0":{"query":"西陵"}}')
    batch = _parse(QueriesIn, queries)
    names = Names(list_candidates(session))
    answers = {
        key: ResultOut(
            result=[ReconciledOut.of(one) for one in reconcile(query.wanted(), names)]
        ).model_dump()
        for key, query in batch.root.items()
    }
    return OpenJson(answers)


def _parse(kind: type[_M], text: str) -> _M:
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise BadRequest(f"{where}: {first['msg']}", hint="see the specification") from error


def _types() -> list[dict[str, str]]:
    return [{"id": word, "name": str(name)} for word, name in CLASSES.items()]


def _matches(prefix: str, one: dict[str, str]) -> bool:
    return prefix.lower() in one["id"] or prefix in one["name"]
