"""Every call that creates something takes an Idempotency-Key, and gives its answer once."""

import inspect
import re
from http import HTTPStatus

from fastapi.routing import APIRoute

from service.api import router
from service.core.idempotency import KEY_ERRORS, answer_once, read_key
from service.core.web import dependencies_of

CREATED = {HTTPStatus.CREATED, HTTPStatus.ACCEPTED}
WITHOUT_KEY = {
    "parse": "reads",
    "resolve": "reads",
    "postReconciliation": "reads",
    "createWebhook": "sent again, it is a conflict that names the first; its secret is not kept",
    "renewWebhookSecret": "the answer has a secret, which is not kept",
    "pingWebhook": "creates nothing",
    "redeemAddressToken": "a token is good once: sent again, it is refused, and nothing is made",
    "pushDatasetRows": "rows are known by their own ids: sent again, they change nothing",
    "redeliverWebhook": "sends again what there is, which its receiver knows by its id",
}
"""Calls by POST without a key, with the reason."""


def posted() -> list[APIRoute]:
    inner = [getattr(one, "original_router", None) for one in router.routes]
    routes = [route for one in inner if one is not None for route in one.routes]
    return [
        route
        for route in [*routes, *router.routes]
        if isinstance(route, APIRoute) and "POST" in (route.methods or set())
    ]


def ignoring_a_key(route: APIRoute) -> bool:
    takes = any(one.call is read_key for one in dependencies_of(route))
    told = all(int(error.kind().status) in route.responses for error in KEY_ERRORS)
    passed_on = len(re.findall(r"\bkey\b", inspect.getsource(route.endpoint))) > 1
    answers = route.endpoint.__globals__.get("answer_once") is answer_once
    return not (takes and told and passed_on and answers)


def test_there_are_calls_that_create() -> None:
    named = {route.operation_id for route in posted()}
    assert named >= {"createBatch", "recordPlateEvent"}
    assert WITHOUT_KEY.keys() <= named


def test_every_call_that_creates_takes_a_key() -> None:
    creating = [route for route in posted() if route.operation_id not in WITHOUT_KEY]
    assert sorted(str(one.operation_id) for one in creating if ignoring_a_key(one)) == []


def test_what_reads_does_not_say_that_it_creates() -> None:
    reading = [one for one in posted() if WITHOUT_KEY.get(str(one.operation_id)) == "reads"]
    assert len(reading) == 3
    assert [one.operation_id for one in reading if one.status_code in CREATED] == []
