"""axe-core in a page: the barriers that it finds there."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
_SCRIPT = Axe().axe_script
_RUN = """async rules => (await axe.run(document, {...rules, resultTypes: ['violations']}))
  .violations.map(one => `${one.id}: ${one.nodes[0].html.slice(0, 120)}`)"""


def list_barriers(page: Page) -> list[str]:
    """Each rule that the page breaks, with the first element that does."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_SCRIPT)
    return [str(one) for one in page.evaluate(_RUN, RULES)]
