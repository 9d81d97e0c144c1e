"""Links of service items: https, and with the address code only to hosts that the operator names.

``{code}`` in a link stands for the 16 digits of the address. It is public, but whoever receives it
learns at which door the link was followed: so no host gets it unless ``MENPAI_CODE_LINK_HOSTS``
names it.
"""

from collections.abc import Collection
from urllib.parse import urlsplit

from service.core.errors import BadRequest

CODE = "{code}"
LONGEST = 500


def require_link(link: str, code_hosts: Collection[str]) -> None:
    """Refuse a link that no page may show; an empty one is none.

    Raises:
        BadRequest: it is no https URL of a host, or passes the code to a host that may not have it.
    """
    if not link:
        return
    hint = "copy it from the browser, such as https://www.zjzwfw.gov.cn/"
    plain = link.replace(CODE, "")
    try:
        parts = urlsplit(plain)
        host = parts.hostname or ""
    except ValueError:
        host, parts = "", urlsplit("")
    if parts.scheme != "https" or not host or parts.username is not None or len(link) > LONGEST:
        raise BadRequest("the link must begin with https:// and a host", hint=hint, field="link")
    if not plain.isascii() or any(sign.isspace() or sign in '{}<>"\\' for sign in plain):
        raise BadRequest("the link contains a character that no URL has", hint=hint, field="link")
    if host != (urlsplit(link).hostname or ""):
        raise BadRequest("the code may not stand in the host", hint=hint, field="link")
    if CODE in link and host not in code_hosts:
        raise BadRequest(
            f"{host} may not be given address codes",
            hint="leave {code} out, or let the operator add the host to MENPAI_CODE_LINK_HOSTS",
            http_hint="leave {code} out, or ask the operator to allow this host",
            field="link",
        )


def find_link(link: str, code: str, code_hosts: Collection[str]) -> str:
    """The link for an address; "" if it would pass the code to a host that may not have it now."""
    if CODE not in link:
        return link
    return link.replace(CODE, code) if urlsplit(link).hostname in code_hosts else ""
