import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.core.database import Database
from service.core.faults import EnvironmentFault
from service.core.host_names import name_in
from service.core.settings import Settings, load_settings
from tests.database import TestDatabase, migrated_database
from tests.factories.hosts import PUBLIC_URL
from tests.factories.plates import make_plates
from tests.servers import serving


@dataclass(frozen=True)
class Register:
    """A register with one plate."""

    made: TestDatabase
    database: Database
    token: str


@pytest.fixture(scope="module")
def register() -> Iterator[Register]:
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            (token,) = make_plates(session, 1)
        yield Register(made, database, token)
        database.dispose()


def client_of(register: Register, **settings: object) -> TestClient:
    said = {"public_url": PUBLIC_URL} | settings
    app = create_app(register.database, Settings(**said))  # type: ignore[arg-type]
    app.fastapi.state.gate = None
    return TestClient(app, PUBLIC_URL, follow_redirects=False)


OWN = ["city.example", "CITY.example:443", "city.example.", "localhost:8000", "127.0.0.1", "[::1]"]
FOREIGN = ["evil.com", "city.example.evil.com", "evil.com:443", "8.8.8.8", "[::2]:1", "", "[::"]


def test_pages_are_answered_under_our_own_names_only(register: Register) -> None:
    client = client_of(register, further_hosts="old.example, mp.gov.example")
    for host in [*OWN, "old.example", "mp.gov.example"]:
        assert client.get("/privacy", headers={"Host": host}).status_code == 200, host
    for path in ("/privacy", "/admin/sign-in", "/api/v1/divisions", "/heritage"):
        for host in FOREIGN:
            answer = client.get(path, headers={"Host": host})
            assert answer.status_code == 421, host
            assert answer.headers["content-type"] == "application/problem+json"
            assert "evil" not in answer.text


def test_a_plate_opens_under_whatever_name_it_was_printed_with(register: Register) -> None:
    client = client_of(register)
    for path in (f"/{register.token}", f"/{register.token.lower()}", "/healthz", "/readyz"):
        assert client.get(path, headers={"Host": "former.example"}).status_code == 200, path


def test_a_demo_answers_under_any_name(register: Register) -> None:
    client = client_of(register, env="demo", public_url="http://192.168.1.5:8000")
    assert client.get("/privacy", headers={"Host": "phone.local"}).status_code == 200


@pytest.mark.parametrize("names", ["https://mp.gov.example", "*.gov.example", "a:8000"])
def test_a_name_that_is_none_is_refused_with_its_setting(
    monkeypatch: pytest.MonkeyPatch, names: str
) -> None:
    monkeypatch.setenv("MENPAI_FURTHER_HOSTS", names)
    with pytest.raises(EnvironmentFault, match="MENPAI_FURTHER_HOSTS"):
        load_settings()


def test_a_slash_too_many_leads_on_by_path_and_to_no_other_host(register: Register) -> None:
    client = client_of(register)
    for path, target in {
        "/admin/": "/admin",
        "/heritage/?show=map": "/heritage?show=map",
        f"/{register.token}/": f"/{register.token}",
        "//evil.com/": "/evil.com",
        "/%2F%2Fevil.com/": "/evil.com",
        "/%5Cevil.com/": "/%5Cevil.com",
    }.items():
        answer = client.get(PUBLIC_URL + path)
        assert (answer.status_code, answer.headers["location"]) == (308, target), path


def ask(port: int, *lines: str) -> tuple[int, dict[str, str]]:
    """What a server answers to a request of these lines: the status and the headers."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode())
        head = b""
        while b"\r\n\r\n" not in head and (more := line.recv(65536)):
            head += more
    first, *rest = head.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    return int(first.split()[1]), dict(one.lower().split(": ", 1) for one in rest)


def test_a_served_register_keeps_browsers_to_https_and_wants_one_host(register: Register) -> None:
    token = register.token
    with serving(register.made.app_url) as server:
        port = server.base_url.port
        assert port is not None
        for path in (f"/{token}", "/privacy", "/api/v1/divisions", "/nothing-here", "/admin"):
            _, headers = ask(port, f"GET {path} HTTP/1.1", "Host: city.example")
            assert headers["strict-transport-security"] == "max-age=31536000", path
            for hosts in ([], ["Host: city.example", "Host: evil.com"]):
                status, headers = ask(port, f"GET {path} HTTP/1.1", *hosts)
                assert (status, headers["content-type"]) == (400, "application/problem+json"), path
        assert ask(port, f"GET /{token} HTTP/1.1", "Host: any.example")[0] == 200
        assert ask(port, "GET /privacy HTTP/1.1", "Host: evil.com")[0] == 421
        assert ask(port, "GET /docs HTTP/1.1", "Host: city.example")[0] == 404
        described = partial(ask, port, "GET /openapi.json HTTP/1.1", "Host: city.example")
        answer = described()
        for _ in range(10):  # its first answer takes long on a busy machine: come again
            if answer[0] != 503:
                break
            time.sleep(int(answer[1]["retry-after"]))
            answer = described()
        assert answer[0] == 200


def test_the_name_in_a_host_is_read_without_port_and_brackets() -> None:
    read = [name_in(host) for host in ("A.B:1", "[::1]:8", "x.", "u@evil", "[")]
    assert read == ["a.b", "::1", "x", "evil", ""]
