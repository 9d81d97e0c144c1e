import re

import pytest

from service.core.html import STYLE, compact_css, read_static

TOO_NEW = {
    "aspect-ratio": r"aspect-ratio\s*:",
    "inset": r"[{;]\s*inset(-block|-inline)?\s*:",
    "clamp()": r"clamp\(",
    "min() or max()": r"[:\s,(](min|max)\(",  # iOS 13 yes, Chrome 78 no
    ":is()": r":is\(",
    ":where()": r":where\(",
    ":has()": r":has\(",
    ":focus-visible": r":focus-visible",
    "@layer": r"@layer",
    "@container": r"@container",
    "@property": r"@property",
    "@supports selector": r"@supports\s+selector",
    "dvh and its like": r"\d[dsl]v[hwi]\b",
    "color-mix": r"color-mix\(",
    "lab and oklch": r"\b(ok)?l(ab|ch)\(",
    "accent-color": r"accent-color\s*:",
    "content-visibility": r"content-visibility\s*:",
    "overflow: clip": r"overflow(-[xy])?\s*:\s*clip",
    "logical shorthand": r"(margin|padding|border)-(inline|block)\s*:",
    "text-wrap": r"text-wrap\s*:",
    "subgrid": r"subgrid",
    "range media query": r"@media[^{]*[<>]",
    "space-separated rgb": r"rgba?\(\s*\d+\s+\d+",
}


def rules(style: str) -> list[tuple[str, str]]:
    inner = re.sub(r"@media[^{]+\{((?:[^{}]+\{[^{}]*\})*)\}", r"\1", style)
    return re.findall(r"([^{}]+)\{([^{}]*)\}", inner)


def faults(style: str) -> list[str]:
    found = [name for name, pattern in TOO_NEW.items() if re.search(pattern, style)]
    for selector, body in rules(style):
        is_grid = re.search(r"display:\s*(inline-)?grid", body)
        if re.search(r"(^|;)\s*(row-|column-)?gap\s*:", body) and not is_grid:
            found.append(f"gap outside a grid: {selector}")
    nested = re.sub(r"@media[^{]+\{((?:[^{}]+\{[^{}]*\})*)\}", "", style)
    if re.search(r"\{[^{}]*\{", nested):
        found.append("nesting")
    return found


def test_the_served_style_sheet_is_understood_by_old_phones() -> None:
    assert faults(STYLE) == []
    assert len(rules(STYLE)) > 80


@pytest.mark.parametrize(
    "style",
    [
        "a{display:flex;gap:1rem}",
        "a{aspect-ratio:1}",
        "a{inset:0}",
        "a{width:clamp(1px,2px,3px)}",
        ":is(a,b){color:red}",
        ":where(a){color:red}",
        "a:has(b){color:red}",
        "@layer x{a{color:red}}",
        "@container (width>1px){a{color:red}}",
        "a{color:red;b{color:blue}}",
        "a{height:100dvh}",
        "a{color:color-mix(in srgb,red,blue)}",
        "@media(width>=1px){a{color:red}}",
        "a{width:min(1px,2px)}",
    ],
)
def test_the_refusal_finds_what_is_too_new(style: str) -> None:
    assert faults(style) != []


def test_a_gap_in_a_grid_is_fine() -> None:
    assert faults("a{display:grid;grid-gap:1rem;gap:1rem}") == []


def test_the_style_sheet_has_no_address_and_no_fixed_height() -> None:
    assert "url(" not in STYLE
    assert "@import" not in STYLE
    assert re.findall(r"[{;]height:(?!auto|1px|\.5rem)", STYLE) == []


def test_compacting_keeps_every_rule() -> None:
    plain = re.sub(r"/\*.*?\*/", "", read_static("site.css"), flags=re.DOTALL)
    assert STYLE.count("{") == plain.count("{")
    assert compact_css("a { b: c; }  /* d */ e > f { g: h }") == "a{b:c}e>f{g:h}"


def test_the_script_is_understood_by_old_phones() -> None:
    script = re.sub(r"/\*.*?\*/", "", read_static("read-aloud.js"), flags=re.DOTALL)
    for pattern in (r"\?\.", r"\?\?", r"=>", r"\b(let|const|async|await|import)\b", "`"):
        assert re.search(pattern, script) is None, pattern
    for word in ("fetch", "XMLHttpRequest", "cookie", "localStorage", "http"):
        assert word not in script
