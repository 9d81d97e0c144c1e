"""The client waits as it is told, sends again what is safe, and says what went wrong."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from menpai.client import (
    Client,
    ClientCredentials,
    KeyRefused,
    NotFound,
    Outdated,
    Problem,
    TooOften,
    Unavailable,
)
from menpai.client.connection import Connection

Reply = tuple[int, dict[str, str], object]


@dataclass
class Service:
    """A service that gives prepared replies in turn, and keeps what it was asked."""

    url: str = ""
    replies: list[Reply] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)

    def client(self, **more: Any) -> Client:
        options: dict[str, Any] = {"key": "mp_a_b", "sleep": self.slept.append}
        return Client(self.url, **options | more)


@pytest.fixture
def service() -> Iterator[Service]:
    told = Service()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("content-length", 0))
            told.asked.append(
                {
                    "method": self.command,
                    "path": self.path,
                    "headers": {k.lower(): v for k, v in self.headers.items()},
                    "body": self.rfile.read(length).decode(),
                }
            )
            status, headers, body = told.replies.pop(0)
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = answer  # noqa: N815 - the names of the library

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    told.url = f"http://127.0.0.1:{server.server_port}"
    yield told
    server.shutdown()
    server.server_close()


def problem(name: str, **more: object) -> dict[str, object]:
    return {"type": f"/problems/{name}", "title": "no", "detail": "not so", "hint": "so"} | more


def test_it_waits_as_long_as_it_is_told_and_asks_again(service: Service) -> None:
    busy = (503, {"Retry-After": "3"}, problem("server-busy"))
    often = (429, {"Retry-After": "7"}, problem("too-often"))
    service.replies = [busy, often, (200, {}, {"code": "1"})]
    assert service.client().get("/addresses/1") == {"code": "1"}
    assert service.slept == [3, 7]


def test_it_gives_up_after_four_attempts_or_when_told_to_wait_for_long(service: Service) -> None:
    service.replies = [(503, {"Retry-After": "1"}, problem("server-busy"))] * 4
    with pytest.raises(Unavailable) as raised:
        service.client().get("/addresses")
    assert (raised.value.name, len(service.asked)) == ("server-busy", 4)
    service.replies = [(429, {"Retry-After": "3600"}, problem("too-often"))]
    with pytest.raises(TooOften) as often:
        service.client().get("/addresses")
    assert (often.value.retry_after, service.replies) == (3600, [])


def test_what_writes_is_sent_again_with_the_same_key_and_what_reads_with_none(
    service: Service,
) -> None:
    service.replies = [(503, {"Retry-After": "1"}, {}), (201, {}, {}), (201, {}, {}), (200, {}, {})]
    client = service.client()
    client.open_address_request("办理居住证", "https://a.example/back")
    client.open_address_request("办理居住证", "https://a.example/back")
    client.resolve("河坊街88号")
    first, again, second, resolved = (one["headers"] for one in service.asked)
    assert first["idempotency-key"] == again["idempotency-key"] != second["idempotency-key"]
    assert "idempotency-key" not in resolved
    assert first["authorization"] == "Bearer mp_a_b"
    assert json.loads(service.asked[3]["body"]) == {"text": "河坊街88号"}


def test_a_service_that_is_not_there_is_unavailable() -> None:
    client = Client("http://127.0.0.1:9", attempts=2, sleep=lambda _: None)
    with pytest.raises(Unavailable) as raised:
        client.get("/divisions")
    assert raised.value.status == 0


def test_problems_are_exceptions_with_all_they_say(service: Service) -> None:
    faults = [{"in": "query", "name": "limit", "detail": "too large"}]
    service.replies = [
        (404, {}, problem("address-not-found")),
        (412, {"ETag": '"8"'}, problem("outdated", seen=7, version=8)),
        (422, {}, problem("malformed-request", errors=faults)),
        (502, {"content-type": "text/html"}, b"<h1>Bad gateway</h1>"),
    ]
    client = service.client()
    with pytest.raises(NotFound, match="no: not so") as missing:
        client.address("3301 0290 3288 2641")
    assert (missing.value.name, missing.value.hint) == ("address-not-found", "so")
    assert service.asked[0]["path"] == "/api/v1/addresses/3301029032882641"
    with pytest.raises(Outdated) as outdated:
        client.get("/x")
    assert (outdated.value.body["seen"], outdated.value.headers["etag"]) == (7, '"8"')
    with pytest.raises(Problem) as malformed:
        client.get("/x")
    assert malformed.value.errors[0]["name"] == "limit"
    with pytest.raises(Problem, match="Bad gateway"):
        client.get("/x")
    assert len(service.asked) == 4, "none of them was tried again"


def test_a_redirection_is_not_followed_as_the_key_would_go_with_it(service: Service) -> None:
    service.replies = [(302, {"Location": f"{service.url}/elsewhere"}, {})]
    with pytest.raises(Problem) as raised:
        service.client().get("/addresses")
    assert (raised.value.status, len(service.asked)) == (302, 1)


def test_an_access_token_is_fetched_once_and_again_when_it_is_refused(service: Service) -> None:
    def token(text: str) -> Reply:
        return (200, {}, {"access_token": text, "token_type": "Bearer", "expires_in": 600})

    refused: Reply = (401, {}, problem("key-missing"))
    service.replies = [token("one"), (200, {}, {}), (200, {}, {})]
    service.replies += [refused, token("two"), (200, {}, {})]
    credentials = ClientCredentials("health", "secret", scope="addresses:read")
    client = service.client(key="", credentials=credentials)
    for _ in range(3):
        client.get("/addresses")
    asked = [one["headers"].get("authorization") for one in service.asked]
    assert asked == [None, "Bearer one", "Bearer one", "Bearer one", None, "Bearer two"]
    form = "grant_type=client_credentials&client_id=health&client_secret=secret"
    assert service.asked[0]["body"] == f"{form}&scope=addresses%3Aread"
    service.replies = [refused, token("three"), refused]
    with pytest.raises(KeyRefused):
        client.get("/addresses")
    ended = {"error": "invalid_client", "error_description": "it ended"}
    service.replies = [refused, (401, {}, ended)]
    with pytest.raises(KeyRefused, match="invalid_client: it ended"):
        client.get("/addresses")


def test_a_key_that_is_refused_is_refused_at_once(service: Service) -> None:
    service.replies = [(401, {}, problem("key-missing"))]
    with pytest.raises(KeyRefused):
        service.client().get("/addresses")
    assert len(service.asked) == 1


def test_lists_go_on_page_by_page_and_changes_to_their_end(service: Service) -> None:
    service.replies = [
        (200, {}, {"addresses": [{"code": "1"}, {"code": "2"}], "next": "2"}),
        (200, {}, {"addresses": [{"code": "3"}], "next": None}),
        (200, {}, {"changes": [{"position": 8}, {"position": 9}], "next": 9}),
        (200, {}, {"changes": [], "next": 9}),
    ]
    client = service.client()
    assert [one["code"] for one in client.addresses(division="330102")] == ["1", "2", "3"]
    assert [one["position"] for one in client.changes(7)] == [8, 9]
    assert [one["path"].partition("?")[2] for one in service.asked] == [
        "division=330102&limit=500",
        "division=330102&limit=500&cursor=2",
        "after=7",
        "after=9",
    ]


def test_a_follower_waits_at_the_end_of_the_feed(service: Service) -> None:
    pages: list[list[dict[str, int]]] = [[{"position": 1}], [], [], [{"position": 2}]]
    service.replies = [(200, {}, {"changes": page, "next": 1}) for page in pages]
    following = service.client().follow_changes(0, every_s=2.5)
    assert [next(following)["position"], next(following)["position"]] == [1, 2]
    assert service.slept == [2.5, 2.5]


def test_a_follower_goes_on_over_pages_of_which_nothing_is_shown(service: Service) -> None:
    pages: list[tuple[list[dict[str, int]], int]] = [([], 1000), ([{"position": 1500}], 2000)]
    pages += [([], 2000), ([{"position": 2001}], 2001)]
    service.replies = [(200, {}, {"changes": page, "next": at}) for page, at in pages]
    following = service.client().follow_changes(0, every_s=2.5)
    assert [next(following)["position"], next(following)["position"]] == [1500, 2001]
    asked = [one["path"].partition("?")[2] for one in service.asked]
    assert asked == ["after=0", "after=1000", "after=2000", "after=2000"]
    assert service.slept == [2.5]


def test_many_texts_go_in_batches_and_come_in_their_order(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("menpai.client.matching.BATCH", 2)
    rows: list[Reply] = [
        (200, {}, {"results": [{"text": "a"}, {"text": "b"}]}),
        (200, {}, {"results": [{"text": "c"}]}),
    ]
    service.replies = list(rows)
    found = service.client().resolve_many(iter("abc"), division="330102")
    assert [one["text"] for one in found] == ["a", "b", "c"]
    assert service.asked[0]["path"] == "/api/v1/resolve/batch?division=330102"


def test_a_call_that_ends_warns(service: Service) -> None:
    service.replies = [(200, {"Sunset": "Sat, 01 Jan 2028 00:00:00 GMT"}, {})]
    with pytest.warns(FutureWarning, match="GET /api/v1/old ends on Sat, 01 Jan 2028"):
        service.client().get("/old")


def test_keys_and_secrets_are_not_printed() -> None:
    client = Client("https://a.example", key="mp_a_topsecret")
    assert "topsecret" not in repr(vars(client.connection))


@pytest.mark.parametrize("url", ["", "ftp://a.example", "file:///etc/passwd", "a.example"])
def test_only_http_is_spoken(url: str) -> None:
    with pytest.raises(ValueError, match="no address of a service"):
        Connection(url, None)
