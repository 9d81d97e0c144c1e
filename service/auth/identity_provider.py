"""Signs people in at an identity provider: OpenID Connect Core 1.0, authorization code with PKCE.

Only the host of the issuer is asked, without redirects, and over https outside a demo: a provider's
answers cannot lead the service to another machine (SSRF).
"""

import base64
import hashlib
import hmac
import http.client
import json
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import jwt

from service.auth.session_tokens import SessionToken

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
"""Signatures by key pairs only: a shared secret would let every holder of it sign."""

LEEWAY_S = 60
_MOST_BYTES = 1 << 20
_PATIENCE_S = 5.0
_DISCOVERY = "/.well-known/openid-configuration"


class ProviderFault(Exception):
    """The provider cannot be asked, or its answer proves nothing; says why, for the log."""


@dataclass(frozen=True, slots=True)
class Errand:
    """A visit to the provider and back, known by a random token in the browser's cookie.

    State, nonce and PKCE verifier are HMACs of the token: nothing is stored, and none of them tells
    another (RFC 6749 §10.12, RFC 7636, OpenID Connect Core §15.5.2).
    """

    token: SessionToken
    path: str
    """Where the person wants to go afterwards."""

    @property
    def state(self) -> str:
        """Binds the answer to this browser, and carries the path."""
        return f"{self._of('state', self.path)}~{self.path}"

    @property
    def nonce(self) -> str:
        """Binds the ID token to this visit."""
        return self._of("nonce")

    @property
    def verifier(self) -> str:
        """The secret of PKCE: 43 characters (RFC 7636 §4.1)."""
        return self._of("verifier")

    @property
    def challenge(self) -> str:
        """What the provider learns of the verifier at first: its SHA-256 (method S256)."""
        return _base64url(hashlib.sha256(self.verifier.encode()).digest())

    @classmethod
    def back(cls, token: SessionToken | None, state: str) -> "Errand":
        """The errand that an answer belongs to.

        Raises:
            ProviderFault: the browser has no token, or the state is not of this browser.
        """
        if token is None:
            raise ProviderFault("the browser has no cookie of a visit")
        errand = cls(token, state.partition("~")[2])
        if not hmac.compare_digest(errand.state.encode(), state.encode()):
            raise ProviderFault("the state is not that of this browser")
        return errand

    def _of(self, *purpose: str) -> str:
        said = "\0".join(("oidc", *purpose)).encode()
        digest = hmac.digest(self.token.secret.encode(), said, "sha256")
        return _base64url(digest)


@dataclass(frozen=True, slots=True)
class Endpoints:
    """What the provider says of itself (OpenID Connect Discovery 1.0 §4)."""

    authorization: str
    token: str
    keys: str
    takes_basic: bool


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """One provider as the settings have it; ``redirect_url`` is our own page it leads back to."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_url: str

    def authorization_url(self, errand: Errand) -> str:
        """Where the browser goes to sign in.

        Raises:
            ProviderFault: the provider does not answer, or not as one.
        """
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_url,
            "scope": "openid",
            "state": errand.state,
            "nonce": errand.nonce,
            "code_challenge": errand.challenge,
            "code_challenge_method": "S256",
        }
        url = self._discover().authorization
        return f"{url}{'&' if '?' in url else '?'}{urlencode(asked, quote_via=quote)}"

    def fetch_subject(self, code: str, errand: Errand) -> str:
        """Who the person is (``sub``), by the code that the browser has brought back.

        Raises:
            ProviderFault: the code is refused, or the ID token is not for us, not from the
                provider, expired, or of another visit.
        """
        found = self._discover()
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_url,
            "code_verifier": errand.verifier,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if found.takes_basic:
            pair = f"{quote(self.client_id, safe='')}:{quote(self.client_secret, safe='')}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        else:
            sent |= {"client_id": self.client_id, "client_secret": self.client_secret}
        answer = self._ask(found.token, headers, urlencode(sent))
        keys = self._ask(found.keys, {})
        return self._read(str(answer.get("id_token", "")), keys, errand.nonce)

    def _read(self, id_token: str, keys: dict[str, Any], nonce: str) -> str:
        """The subject of an ID token after all its checks (OpenID Connect Core §3.1.3.7)."""
        try:
            wanted = jwt.get_unverified_header(id_token).get("kid")
            known = [one for one in jwt.PyJWKSet.from_dict(keys).keys if one.key_type != "oct"]
            fits = [one for one in known if wanted in (None, one.key_id)]
            if len(fits) != 1:
                raise ProviderFault(f"{len(fits)} keys of the provider fit the ID token")
            claims = jwt.decode(
                id_token,
                fits[0].key,
                algorithms=list(ALGORITHMS),
                audience=self.client_id,
                issuer=self.issuer,
                leeway=LEEWAY_S,
                options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )
        except jwt.PyJWTError as error:
            raise ProviderFault(f"the ID token is refused: {error}") from error
        audience = claims["aud"]
        several = isinstance(audience, list) and len(audience) > 1
        party = claims.get("azp", "" if several else self.client_id)
        if party != self.client_id:
            raise ProviderFault("the ID token is for another party")
        if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
            raise ProviderFault("the ID token is of another visit")
        subject = str(claims["sub"])
        if not 0 < len(subject) <= 255:
            raise ProviderFault("the subject is empty or too long")
        return subject

    def _discover(self) -> Endpoints:
        said = self._ask(self.issuer.rstrip("/") + _DISCOVERY, {})
        if said.get("issuer") != self.issuer:
            raise ProviderFault("the provider calls itself by another issuer")
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        urls = [str(said.get(name, "")) for name in names]
        own = urlsplit(self.issuer)
        for name, url in zip(names, urls, strict=True):
            other = urlsplit(url)
            if (own.scheme, own.netloc) != (other.scheme, other.netloc):
                raise ProviderFault(f"{name} is not at the host of the issuer")
        methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        authorization, token, keys = urls
        return Endpoints(authorization, token, keys, "client_secret_basic" in methods)

    def _ask(self, url: str, headers: dict[str, str], body: str | None = None) -> dict[str, Any]:
        """The JSON object at a URL of the issuer's host; redirects are not followed."""
        parts = urlsplit(url)
        connection: http.client.HTTPConnection
        if parts.scheme == "https":
            context = ssl.create_default_context()
            connection = http.client.HTTPSConnection(
                parts.netloc, timeout=_PATIENCE_S, context=context
            )
        else:  # the settings let it through in a demo only
            connection = http.client.HTTPConnection(parts.netloc, timeout=_PATIENCE_S)
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        method = "GET" if body is None else "POST"
        try:
            connection.request(method, path, body, headers | {"Accept": "application/json"})
            answer = connection.getresponse()
            read = answer.read(_MOST_BYTES + 1)
        except (OSError, http.client.HTTPException) as error:
            raise ProviderFault(f"the provider does not answer: {error}") from error
        finally:
            connection.close()
        if answer.status != http.client.OK or len(read) > _MOST_BYTES:
            raise ProviderFault(f"the provider answers {answer.status} to {method} {parts.path}")
        try:
            said = json.loads(read)
        except ValueError as error:
            raise ProviderFault("the provider's answer is no JSON") from error
        if not isinstance(said, dict):
            raise ProviderFault("the provider's answer is no JSON object")
        return said


def _base64url(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
