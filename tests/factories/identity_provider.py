"""An identity provider (OpenID Connect) for tests: it knows one person, and can be made to lie."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "menpai desk", "a secret: with % and +"
SUBJECT = "zj-000017"


def make_key() -> rsa.RSAPrivateKey:
    """A key that signs ID tokens."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """A provider at its URL; what is changed here changes its answers.

    ``claims`` replace those of the ID token, ``said`` what it says of itself; ``key`` signs, and
    ``published`` is the key that it shows.
    """

    issuer: str = ""
    claims: dict[str, object] = field(default_factory=dict)
    said: dict[str, object] = field(default_factory=dict)
    key: rsa.RSAPrivateKey = field(default_factory=make_key)
    published: rsa.RSAPrivateKey | None = None
    algorithm: str = "RS256"
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def metadata(self) -> dict[str, object]:
        paths = {
            "authorization_endpoint": "/authorize",
            "token_endpoint": "/token",
            "jwks_uri": "/keys",
        }
        return {
            "issuer": self.issuer,
            **{name: self.issuer + path for name, path in paths.items()},
        } | self.said

    @property
    def keys(self) -> dict[str, object]:
        shown = (self.published or self.key).public_key()
        one = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(shown))
        return {"keys": [one | {"kid": "one", "use": "sig", "alg": "RS256"}]}

    def authorize(self, asked: Mapping[str, str]) -> str:
        """Where the browser is sent back to, the person having agreed."""
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = dict(asked)
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def redeem(self, sent: Mapping[str, str], authorization: str) -> tuple[int, dict[str, object]]:
        """The ID token of a code, once, for the right client and verifier."""
        asked = self.codes.pop(sent.get("code", ""), None)
        name, _, secret = (
            base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        )
        if not authorization:
            name, secret = sent.get("client_id", ""), sent.get("client_secret", "")
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            asked is None
            or (unquote(name), unquote(secret)) != (CLIENT, SECRET)
            or challenge != asked["code_challenge"]
            or sent.get("redirect_uri") != asked["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "sub": SUBJECT,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
        }
        kept = {k: v for k, v in (claims | self.claims).items() if v is not None}
        key: Any = self.key if self.algorithm.startswith("RS") else "x" * 32
        if self.algorithm == "none":
            key = None
        token = jwt.encode(kept, key, algorithm=self.algorithm, headers={"kid": "one"})
        return 200, {"id_token": token, "access_token": "-", "token_type": "Bearer"}


@contextmanager
def open_provider() -> Iterator[Provider]:
    """A provider on a free port of this machine until the block ends."""
    provider = Provider()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            provider.asked.append(parts.path)
            if parts.path == "/.well-known/openid-configuration":
                self.say(200, provider.metadata)
            elif parts.path == "/keys":
                self.say(200, provider.keys)
            elif parts.path == "/authorize":
                asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
                self.send_response(302)
                self.send_header("Location", provider.authorize(asked))
                self.end_headers()
            else:
                self.send_response(302)
                self.send_header("Location", f"{provider.issuer}/keys")
                self.end_headers()

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sent = {name: values[0] for name, values in parse_qs(body).items()}
            self.say(*provider.redeem(sent, self.headers.get("Authorization", "")))

        def say(self, status: int, what: object) -> None:
            body = json.dumps(what).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield provider
    server.shutdown()
    server.server_close()
    thread.join(5)
