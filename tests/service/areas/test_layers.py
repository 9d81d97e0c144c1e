"""Layers are read in the sandbox: what takes too much of the machine, or is broken, is refused."""

import json
from pathlib import Path

import pytest

from service.areas.layers import LayerRequest, LayerUnreadable, read_layer
from service.core.sandbox import SandboxLimits

pytest.importorskip("pyogrio", reason="the extra gis is not installed")


@pytest.fixture
def request_of(tmp_path: Path) -> LayerRequest:
    """A layer of two thousand areas in metres."""
    ring = [[500000, 3340000], [500100, 3340000], [500100, 3340100], [500000, 3340000]]
    features = [
        {
            "type": "Feature",
            "properties": {"名称": f"示例网格 {number}"},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for number in range(2000)
    ]
    file = tmp_path / "grids.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return LayerRequest(file, "GeoJSON", crs="EPSG:4549")


def refusal(request: LayerRequest, limits: SandboxLimits) -> LayerUnreadable:
    with pytest.raises(LayerUnreadable) as caught:
        read_layer(request, limits)
    assert "GeoJSON" in caught.value.hint
    return caught.value


def test_a_layer_within_its_limits_is_read(request_of: LayerRequest) -> None:
    rows = read_layer(request_of)
    assert (len(rows), rows[7][0]) == (2000, {"名称": "示例网格 7"})


def test_a_layer_that_takes_too_long_is_refused(request_of: LayerRequest) -> None:
    assert "too long" in refusal(request_of, SandboxLimits(4 << 30, waiting_seconds=0.05)).detail


def test_a_layer_that_takes_too_much_memory_is_refused(request_of: LayerRequest) -> None:
    assert "memory" in refusal(request_of, SandboxLimits(memory_bytes=120 << 20)).detail


def test_a_broken_layer_is_refused(request_of: LayerRequest) -> None:
    request_of.path.write_bytes(request_of.path.read_bytes()[:-5000])
    assert "broken" in refusal(request_of, SandboxLimits(4 << 30)).detail
