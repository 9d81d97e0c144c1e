"""Writes docs/openapi.json, the API description, and the client's types that are made of it.

``python -m scripts.openapi_document``
"""

import json
import sys
from pathlib import Path

from scripts.client_answers import ANSWERS, render_answers
from service.app import create_app
from service.core.database import Database
from service.core.settings import Settings

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "openapi.json"


def render() -> str:
    """Return the document, indented for readable diffs."""
    app = create_app(Database("postgresql+psycopg://nobody@/nothing"), Settings())
    return json.dumps(app.fastapi.openapi(), ensure_ascii=False, indent=1) + "\n"


def main() -> int:
    """Write both."""
    text = render()
    DOCUMENT.write_text(text, encoding="utf-8")
    ANSWERS.write_text(render_answers(json.loads(text)), encoding="utf-8")
    sys.stderr.write(f"wrote {DOCUMENT} and {ANSWERS}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
