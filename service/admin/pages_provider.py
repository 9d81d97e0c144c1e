"""Signing in at an identity provider (OpenID Connect): the way there, and the way back."""

from datetime import timedelta
from typing import Annotated

import structlog
from fastapi import Query, Request
from fastapi.responses import Response

from service.admin.answer import open_pages, see_other, show
from service.admin.pages_sign_in import (
    HOME,
    SIGN_IN,
    admit,
    own_path,
    set_cookie,
    show_sign_in,
)
from service.auth.guards import tally_of
from service.auth.identity_provider import Errand, IdentityProvider, ProviderFault
from service.auth.queries import find_bound
from service.auth.session_tokens import draw_session_token, find_session_token
from service.auth.signing_in import NOBODY
from service.core.errors import NotFound
from service.core.web import count_sign_in, database_of, settings_of

router = open_pages()
logger = structlog.get_logger()
PROVIDER = f"{SIGN_IN}/provider"
WITHIN = timedelta(minutes=10)
COOKIE = "menpai_errand"
AWAY = "现在连不上{}，请稍后再试；有密码的账号可以用密码登录。"
REFUSED = "{}没有通过，请重新登录。"
UNBOUND = "{}已经认出您，但还没有绑定账号。请把下面的标识交给本单位管理员，由管理员在账号页上绑定。"


@router.get(PROVIDER)
def leave(request: Request, after: Annotated[str, Query(alias="next")] = HOME) -> Response:
    """Lead to the provider, with a cookie by which the way back is known."""
    provider, name = provider_of(request)
    count_sign_in(request)
    errand = Errand(draw_session_token(), own_path(after))
    try:
        url = provider.authorization_url(errand)
    except ProviderFault as fault:
        logger.warning("identity_provider", fault=str(fault))
        return show_sign_in(request, own_path(after), AWAY.format(name), status=503)
    answer = see_other(url)
    set_cookie(request, answer, COOKIE, errand.token.secret, WITHIN)
    return answer


@router.get(f"{PROVIDER}/back")
def come_back(request: Request, code: str = "", state: str = "") -> Response:
    """Take the provider's answer: the account bound to the identity is let in, no other."""
    provider, name = provider_of(request)
    count_sign_in(request)
    try:
        errand = Errand.back(find_session_token(request.cookies.get(COOKIE, "")), state)
        subject = provider.fetch_subject(code, errand)
    except ProviderFault as fault:
        logger.warning("identity_provider", fault=str(fault))
        tally_of(request).add(NOBODY, "sessions:refuse", "identity provider")
        return show_sign_in(request, HOME, REFUSED.format(name), status=403)
    with database_of(request).reading() as session:
        bound = find_bound(session, provider.issuer, subject)
    if bound is None:
        tally_of(request).add(NOBODY, "sessions:refuse", "identity without an account")
        return show(
            request, None, "unbound.html", status_code=403, told=UNBOUND.format(name), sub=subject
        )
    answer = admit(request, *bound, own_path(errand.path))
    answer.delete_cookie(COOKIE)
    return answer


def provider_of(request: Request) -> tuple[IdentityProvider, str]:
    """The provider of the settings, and what people call it.

    Raises:
        NotFound: none is set.
    """
    settings = settings_of(request)
    if not settings.oidc_issuer or settings.oidc_client_secret is None:
        raise NotFound("no identity provider is set", zh="本系统没有设置统一身份认证。")
    base = settings.public_url or str(request.base_url).rstrip("/")
    provider = IdentityProvider(
        settings.oidc_issuer,
        settings.oidc_client_id,
        settings.oidc_client_secret.get_secret_value(),
        f"{base}{PROVIDER}/back",
    )
    return provider, settings.oidc_name
