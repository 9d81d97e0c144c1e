"""One message over HTTP: what is sent, and how each way of failing is told."""

import datetime
import socket
import ssl
import threading
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from service.webhooks.transport import Outcome, SendFault
from tests.event_loop import run_apart
from tests.factories.receivers import make_transport, opened_receiver

BODY = b'{"delivery":1}'
NAME = "hooks.example.gov.cn"


def post(url: str, patience_s: float = 5.0) -> Outcome:
    return run_apart(make_transport(patience_s=patience_s).post(url, {"X-One": "1"}, BODY))


def test_a_message_arrives_whole_with_its_headers() -> None:
    with opened_receiver() as receiver:
        outcome = post(f"{receiver.url}?a=b")
        assert outcome == Outcome(SendFault.NONE, 204)
        assert outcome.is_taken
        (got,) = receiver.got
        assert (got.path, got.body, got.headers["X-One"]) == ("/hook?a=b", BODY, "1")
        assert got.headers["Host"] == receiver.url.split("/")[2]


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        *((200, ""), (202, ""), (301, "redirect"), (304, "redirect"), (307, "redirect")),
        *((400, "refused"), (401, "refused"), (410, "gone"), (429, "refused"), (500, "refused")),
    ],
)
def test_a_status_says_whether_it_was_taken(status: int, fault: str) -> None:
    with opened_receiver() as receiver:
        receiver.status = status
        assert post(receiver.url) == Outcome(SendFault(fault), status)


def test_a_redirect_is_not_followed() -> None:
    with opened_receiver() as first, opened_receiver() as second:
        first.status, first.location = 307, second.url
        assert post(first.url).fault is SendFault.REDIRECT
        assert (len(first.got), second.got) == (1, [])


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"", SendFault.CONNECTION),
        (b"SSH-2.0-OpenSSH_9.6\r\n", SendFault.GARBLED),
        (b"HTTP/1.1 999 Odd\r\n\r\n", SendFault.GARBLED),
        (b"HTTP/1.1 " + b"2" * 100_000, SendFault.GARBLED),
        (b"HTTP/1.1 100 Continue\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", SendFault.NONE),
    ],
)
def test_an_answer_that_is_no_http_is_told(raw: bytes, fault: SendFault) -> None:
    with opened_receiver() as receiver:
        receiver.raw = raw
        assert post(receiver.url).fault is fault


def test_a_slow_answer_is_given_up_in_time() -> None:
    released = threading.Event()
    with opened_receiver() as receiver:
        receiver.before_answer = lambda: released.wait(30)
        assert post(receiver.url, patience_s=0.3).fault is SendFault.OVERDUE
        released.set()


def test_an_answer_that_drips_is_given_up_in_time() -> None:
    """Each byte comes within any time-out of a socket; the whole does not."""
    listener = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        connection, _ = listener.accept()
        with connection:
            try:
                for byte in b"HTTP/1.1 100 Continue\r\n" * 100:
                    connection.send(bytes([byte]))
                    time.sleep(0.02)
            except OSError:
                return

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    assert post(url, patience_s=0.5).fault is SendFault.OVERDUE
    thread.join(10)
    listener.close()


def test_nobody_who_listens_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert post(f"http://127.0.0.1:{port}/").fault is SendFault.CONNECTION


def make_certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The contexts of a server called so, and of a client that trusts its certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, form, plain)
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))


def test_the_certificate_is_that_of_the_name_at_the_address_that_was_judged(
    tmp_path: Path,
) -> None:
    server, client = make_certificate(tmp_path, NAME)
    with opened_receiver(server) as receiver:
        port = receiver.url.split(":")[2].partition("/")[0]
        trusting = make_transport(resolve_to=["127.0.0.1"], context=client)
        taken = run_apart(trusting.post(f"https://{NAME}:{port}/", {}, BODY))
        assert taken == Outcome(SendFault.NONE, 204)
        assert receiver.got[0].headers["Host"] == f"{NAME}:{port}"
        other = run_apart(trusting.post(f"https://other.example.gov.cn:{port}/", {}, BODY))
        stranger = make_transport(resolve_to=["127.0.0.1"])
        unknown = run_apart(stranger.post(f"https://{NAME}:{port}/", {}, BODY))
        assert {other.fault, unknown.fault} == {SendFault.CERTIFICATE}
        assert len(receiver.got) == 1
