import re
from pathlib import Path

from qr.designs import get_design, list_designs
from qr.gallery import list_samples

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_page_of_plates_shows_every_design_and_sample() -> None:
    page = (DOCS / "plates.md").read_text(encoding="utf-8")
    samples = {f"{n}-{s}.png" for n in list_designs() for s in list_samples(get_design(n))}
    assert set(re.findall(r'src="gallery/([\w-]+\.png)"', page)) == samples
    assert {path.name for path in (DOCS / "gallery").iterdir()} == samples
    for name in list_designs():
        face = get_design(name).face
        assert re.search(rf"\| `{name}` \|.*\| {face.width:g} × {face.height:g} \|", page)


def test_the_pictures_stay_small() -> None:
    assert sum(path.stat().st_size for path in (DOCS / "gallery").iterdir()) < 1_500_000
