from pathlib import Path

import numpy as np
import pytest

from benchmarks.wear.drawing import draw_views, lay_out_plates, write_book
from qr.designs import get_design, list_designs
from qr.fonts import Fonts
from qr.readers import READERS, Picture
from qr.symbol import Level
from qr.wear import PIXELS, WEARS, Wear, WornView, wear_symbol

HOSTS = ("p.example", "menp.example", "mp.hzcity.example", "mp.shangcheng.city.example")
FIFTH = Wear(dirt=0.2)
DOCS = Path(__file__).resolve().parents[2] / "docs/plates.md"


def draw(
    design: str, host: str, fonts: Fonts, level: Level = "H", count: int = 1
) -> list[WornView]:
    plates = lay_out_plates(get_design(design), host, count, fonts, level=level)
    return list(draw_views(write_book(plates, fonts), plates))


def wear(view: WornView, what: Wear, seed: int = 7) -> Picture:
    return wear_symbol(view, what, np.random.default_rng(seed))


@pytest.fixture(scope="module")
def view(fonts: Fonts) -> WornView:
    (found,) = draw("medium", HOSTS[2], fonts)
    return found


def symbol_of(view: WornView, picture: Picture) -> Picture:
    """The middles of the modules of a picture that was not tilted."""
    start = int(view.top) + PIXELS // 2, int(view.left) + PIXELS // 2
    rows, columns = (slice(edge, edge + view.side, PIXELS) for edge in start)
    return picture[rows, columns]


def test_the_same_symbol_wears_in_the_same_way(view: WornView) -> None:
    for what in WEARS.values():
        assert (wear(view, what) == wear(view, what)).all()
        assert (wear(view, what) != view.picture).any()


def test_dirt_covers_its_share_and_no_finder_pattern(view: WornView) -> None:
    clean = symbol_of(view, view.picture)
    for seed in range(12):
        changed = symbol_of(view, wear(view, Wear(dirt=0.08), seed)) != clean
        assert not changed[:8, :8].any()
        assert not changed[:8, -8:].any()
        assert not changed[-8:, :8].any()
        assert 0.01 < changed.mean() <= 0.09
    both = (wear(view, Wear(dirt=0.08)) != view.picture).sum()
    assert both <= 0.085 * view.side**2


def test_fading_and_glare_leave_a_fifth_of_the_contrast(view: WornView) -> None:
    faded = wear(view, WEARS["fading"])
    assert np.ptp(faded) == pytest.approx(np.ptp(view.picture) / 5, abs=1)
    lit = wear(view, WEARS["glare"]).astype(int) - view.picture
    assert lit.max() == pytest.approx(0.8 * 255, abs=40)  # what is lightest already stays so


def test_scratch_and_screw_have_the_sizes_of_the_wall(view: WornView) -> None:
    changed = wear(view, WEARS["screw"]) != view.picture
    across = np.flatnonzero(changed.any(axis=0))
    assert np.ptp(across) * view.module / PIXELS == pytest.approx(8, abs=0.5)
    scratched = (wear(view, WEARS["scratch"]) != view.picture).sum()
    assert scratched < view.picture.shape[0] * 1.5 * (0.5 / view.module * PIXELS + 2)


@pytest.mark.parametrize("kind", WEARS)
def test_one_of_the_readers_still_reads_what_is_worn(kind: str, fonts: Fonts) -> None:
    for place, design in enumerate(list_designs()):
        host = HOSTS[place % len(HOSTS)]
        (plate,) = lay_out_plates(get_design(design), host, 1, fonts)
        (found,) = draw_views(write_book([plate], fonts), [plate])
        picture = wear(found, WEARS[kind])
        assert (plate.content.payload,) in [read(picture) for read in READERS.values()], design


def test_level_l_with_a_fifth_of_its_modules_dirty_is_read_by_nobody(fonts: Fonts) -> None:
    for found in draw("medium", HOSTS[2], fonts, level="L", count=10):
        picture = wear(found, FIFTH)
        assert [read(picture) for read in READERS.values()] == [(), ()]


def test_the_page_of_plates_says_what_each_kind_is() -> None:
    page = DOCS.read_text(encoding="utf-8")
    assert [kind for kind in WEARS if f"| `{kind}` |" not in page] == []
