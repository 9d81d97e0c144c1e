"""Texts that try to run script in a page: tags and handlers crossed, and the classics by hand."""

from itertools import product

RUN = "window.ran=1"

_TAGS = (
    "<img src=x {on}>",
    "<svg {on}></svg>",
    "<body {on}>",
    "<input autofocus {on}>",
    "<details open {on}>x</details>",
    "<video src=x {on}></video>",
    "<audio src=x {on}></audio>",
    "<iframe src=about:blank {on}></iframe>",
    "<a href=# {on}>x</a>",
    "<div style=width:9999px;height:9999px {on}>x</div>",
    "<marquee {on}>x</marquee>",
    "<select autofocus {on}></select>",
)
_HANDLERS = (
    f"onerror={RUN}",
    f"onload='{RUN}'",
    f'onfocus="{RUN}"',
    f"onmouseover={RUN}",
    f"ontoggle={RUN}",
    f"onpointerenter={RUN}",
    f"onclick={RUN}",
    f"onanimationstart={RUN}",
    f"onstart={RUN}",
    f"ONERROR\n=\n{RUN}",
    f"x/onload={RUN}",
)
_OPENINGS = (
    "",
    "'>",
    '">',
    "-->",
    "]]>",
    "</title>",
    "</style>",
    "</script>",
    "</textarea>",
    "\x00",
)
_SCRIPTS = (
    f"<script>{RUN}</script>",
    f"<ScRiPt>{RUN}</sCrIpT>",
    f"<script/x>{RUN}</script>",
    f"<script src=data:,{RUN}></script>",
    f"<svg><script>{RUN}</script></svg>",
    f"<math><mtext><script>{RUN}</script></mtext></math>",
)
_CLASSICS = (
    f"javascript:{RUN}",
    f"JaVaScRiPt:{RUN}",
    f"java\tscript:{RUN}",
    f" javascript:{RUN}//http://x",
    f"data:text/html,<script>{RUN}</script>",
    f"vbscript:{RUN}",
    f"https://x\" onmouseover=\"{RUN}",
    f"https://x' autofocus onfocus='{RUN}",
    f"\" onfocus={RUN} autofocus x=\"",
    f"' onfocus={RUN} autofocus x='",
    f"`onmouseover={RUN}`",
    f"<a href=javascript:{RUN}>x</a>",
    f"<form action=javascript:{RUN}><button>x</button></form>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<object data=javascript:{RUN}></object>",
    f"<embed src=javascript:{RUN}>",
    f"<base href=javascript:{RUN}//>",
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    f"<link rel=stylesheet href=javascript:{RUN}>",
    f"<svg><animate attributeName=href values=javascript:{RUN} /><a id=x><text>x</text></a></svg>",
    f"<svg><a xlink:href=javascript:{RUN}><text>x</text></a></svg>",
    f"<noscript><p title=\"</noscript><img src=x onerror={RUN}>\">",
    f"<template><img src=x onerror={RUN}></template>",
    f"{{{{constructor.constructor('{RUN}')()}}}}",
    f"${{{RUN}}}",
    "{% raw %}{{ 7*7 }}{% endraw %}",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"&#60;script&#62;{RUN}&#60;/script&#62;",
    f"%3Cscript%3E{RUN}%3C/script%3E",
    f"\u003cscript\u003e{RUN}\u003c/script\u003e",
    f"＜script＞{RUN}＜/script＞",
    f"+ADw-script+AD4-{RUN}+ADw-/script+AD4-",
    f"<!--<script>{RUN}//--></script>",
    f"]]><script>{RUN}</script>",
    f"\"}}</script><script>{RUN}</script>",
    f"\u2028{RUN}\u2029",
    f"</script\x0c><img src=x onerror={RUN}>",
    f"<style>@import 'javascript:{RUN}';</style>",
    f"<x onclick={RUN} tabindex=0>x",
    f"<p style=\"background:url(javascript:{RUN})\">x</p>",
)  # fmt: skip

VECTORS: tuple[str, ...] = (
    *(tag.format(on=handler) for tag, handler in product(_TAGS, _HANDLERS)),
    *(opening + script for opening, script in product(_OPENINGS, _SCRIPTS)),
    *_CLASSICS,
)
"""Each sets ``window.ran`` if it is executed."""
