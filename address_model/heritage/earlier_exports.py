"""Reads the evidence of exports from before claims: attestations, accounts and general sources.

How their sources were seen is not known, so they count as not seen.
"""

from collections.abc import Mapping
from typing import Any

from address_model.heritage.claims import SOURCE_KINDS, Citation, Claim


def claims_of_earlier(plain: Mapping[str, Any]) -> tuple[Claim, ...]:
    """The claims of an entry that was written as ``attestations``, ``accounts`` and ``sources``.

    The sources of the entry as a whole stand for its first account, else for a claim of their own.
    """
    general = tuple(_citation(one, "") for one in plain.get("sources", ()))
    claims = [
        Claim(
            str(one.get("subject") or "unspecified"),
            str(one.get("calendar_text") or ""),
            year=one.get("year"),
            precision=str(one.get("precision") or ""),
            calendar_text=str(one.get("calendar_text") or ""),
            citations=_cited(one, str(one.get("kind") or "")),
            note=str(one.get("note") or ""),
        )
        for one in plain.get("attestations", ())
    ]
    for at, one in enumerate(plain.get("accounts", ())):
        claims.append(
            Claim(
                "origin",
                str(one["text"]),
                kind=str(one.get("kind") or "unsorted"),
                language=str(one.get("language") or "zh"),
                citations=_cited(one, "") or (general if at == 0 else ()),
            )
        )
    if general and not any(set(general) <= set(one.citations) for one in claims):
        claims.append(Claim("unspecified", citations=general))
    return tuple(claims)


def _cited(one: Mapping[str, Any], kind: str) -> tuple[Citation, ...]:
    source = one.get("source")
    return (_citation(source, kind),) if source else ()


def _citation(source: Mapping[str, Any], kind: str) -> Citation:
    known = str(source.get("kind") or kind)
    return Citation(
        str(source["title"]),
        url=str(source.get("url") or ""),
        kind=known if known in SOURCE_KINDS else "",
    )
