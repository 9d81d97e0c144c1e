"""An identity is taken from a provider only with every check of OpenID Connect passed."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from service.auth.identity_provider import Errand, IdentityProvider, ProviderFault
from service.auth.session_tokens import draw_session_token
from tests.factories.identity_provider import (
    CLIENT,
    SECRET,
    SUBJECT,
    Provider,
    make_key,
    open_provider,
)

BACK = "http://menpai.example/admin/sign-in/provider/back"


@pytest.fixture
def provider() -> Iterator[Provider]:
    with open_provider() as made:
        yield made


@pytest.fixture
def errand() -> Errand:
    return Errand(draw_session_token(), "/admin/batches?page=2")


def ours(provider: Provider, **changes: str) -> IdentityProvider:
    known = {"client_id": CLIENT, "client_secret": SECRET} | changes
    return IdentityProvider(provider.issuer, redirect_url=BACK, **known)


def agree(provider: Provider, errand: Errand) -> str:
    """Go there, agree, and come back with a code."""
    url = urlsplit(ours(provider).authorization_url(errand))
    asked = {name: values[0] for name, values in parse_qs(url.query).items()}
    back = parse_qs(urlsplit(provider.authorize(asked)).query)
    assert Errand.back(errand.token, back["state"][0]) == errand
    return back["code"][0]


def test_a_person_is_known_by_the_code_that_the_browser_brings_back(
    provider: Provider, errand: Errand
) -> None:
    code = agree(provider, errand)
    assert ours(provider).fetch_subject(code, errand) == SUBJECT
    with pytest.raises(ProviderFault, match="400"):
        ours(provider).fetch_subject(code, errand)


def test_a_client_secret_goes_in_the_body_where_the_provider_wants_it(
    provider: Provider, errand: Errand
) -> None:
    provider.said = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert ours(provider).fetch_subject(agree(provider, errand), errand) == SUBJECT


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "http://elsewhere.example"},
        {"aud": "another client"},
        {"aud": [CLIENT, "another client"]},
        {"azp": "another client"},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"iat": None},
        {"nonce": "of another visit"},
        {"nonce": None},
        {"sub": ""},
        {"sub": None},
        {"sub": "x" * 256},
    ],
    ids=str,
)
def test_an_id_token_that_is_not_for_this_visit_is_refused(
    provider: Provider, errand: Errand, claims: dict[str, object]
) -> None:
    provider.claims = claims
    with pytest.raises(ProviderFault):
        ours(provider).fetch_subject(agree(provider, errand), errand)


@pytest.mark.parametrize("audience", [[CLIENT], [CLIENT, "another"]])
def test_a_list_of_audiences_names_the_party_if_there_are_several(
    provider: Provider, errand: Errand, audience: list[str]
) -> None:
    provider.claims = {"aud": audience, "azp": CLIENT}
    assert ours(provider).fetch_subject(agree(provider, errand), errand) == SUBJECT


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_signature_by_no_key_pair_is_refused(
    provider: Provider, errand: Errand, algorithm: str
) -> None:
    provider.algorithm = algorithm
    with pytest.raises(ProviderFault, match="refused"):
        ours(provider).fetch_subject(agree(provider, errand), errand)


def test_a_signature_by_another_key_is_refused(provider: Provider, errand: Errand) -> None:
    provider.published = make_key()
    with pytest.raises(ProviderFault, match="refused"):
        ours(provider).fetch_subject(agree(provider, errand), errand)


def test_a_stolen_code_is_of_no_use_in_another_browser(provider: Provider, errand: Errand) -> None:
    code = agree(provider, errand)
    thief = Errand(draw_session_token(), errand.path)
    with pytest.raises(ProviderFault, match="400"):
        ours(provider).fetch_subject(code, thief)


@pytest.mark.parametrize("state", ["", "~", "x~/admin", "of another~/admin/batches?page=2"])
def test_a_state_that_is_not_of_this_browser_is_refused(errand: Errand, state: str) -> None:
    with pytest.raises(ProviderFault, match="state"):
        Errand.back(errand.token, state)
    with pytest.raises(ProviderFault, match="state"):
        Errand.back(errand.token, Errand(errand.token, "/other").state.partition("~")[0] + "~/x")
    with pytest.raises(ProviderFault, match="cookie"):
        Errand.back(None, errand.state)


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("url", ["http://169.254.169.254/latest", "file:///etc/passwd", ""])
def test_only_the_host_of_the_issuer_is_asked(
    provider: Provider, errand: Errand, name: str, url: str
) -> None:
    provider.said = {name: url}
    with pytest.raises(ProviderFault, match=name):
        ours(provider).authorization_url(errand)
    assert provider.asked == ["/.well-known/openid-configuration"]


def test_a_redirect_of_the_provider_is_not_followed(provider: Provider, errand: Errand) -> None:
    provider.said = {"jwks_uri": f"{provider.issuer}/moved"}
    with pytest.raises(ProviderFault, match="302"):
        ours(provider).fetch_subject(agree(provider, errand), errand)
    assert "/keys" not in provider.asked


def test_a_provider_that_is_another_or_away_is_told(provider: Provider, errand: Errand) -> None:
    provider.said = {"issuer": f"{provider.issuer}/"}
    with pytest.raises(ProviderFault, match="another issuer"):
        ours(provider).authorization_url(errand)
    away = IdentityProvider("http://127.0.0.1:9", CLIENT, SECRET, BACK)
    with pytest.raises(ProviderFault, match="does not answer"):
        away.authorization_url(errand)


def test_state_nonce_and_verifier_do_not_tell_each_other(errand: Errand) -> None:
    secrets = {errand.nonce, errand.verifier, errand.state.partition("~")[0], errand.challenge}
    assert len(secrets) == 4
    assert len(errand.verifier) == 43
    assert errand.token.secret not in "".join(secrets)
    assert errand.token.secret not in repr(errand)
