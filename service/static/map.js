// Draws the maps of the signed-in area over what the page shows without them. Where there is no
// script or no WebGL, that stays. Reads its settings from the data attributes of [data-map].
"use strict";
const FONT = ["Noto Sans CJK SC", "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei", "sans-serif"];
const INK = "#14181f", PLATE = "#0b4ea2", SEAL = "#98201a";
const WORDS = {
  "Map.Title": "地图", "NavigationControl.ZoomIn": "放大", "NavigationControl.ZoomOut": "缩小",
  "Popup.Close": "关闭", "Marker.Title": "点位", "AttributionControl.ToggleAttribution": "底图来源",
  "CooperativeGesturesHandler.MobileHelpText": "用两个手指移动地图",
  "CooperativeGesturesHandler.WindowsHelpText": "按住 Ctrl 滚动来缩放",
  "CooperativeGesturesHandler.MacHelpText": "按住 ⌘ 滚动来缩放",
  "ScaleControl.Meters": "米", "ScaleControl.Kilometers": "千米",
};
const GONE = ["in", ["get", "status"], ["literal", ["replaced", "retired", "invalid"]]];
const DOT = ["case", GONE, "#8b919c", ["==", ["get", "status"], "active"], PLATE, "#b56b00"];
const NUMBERS = { "text-font": FONT, "text-size": 13 };
const HALO = { "text-halo-color": "#fff", "text-halo-width": 1.5 };
const near = (zoom, low, high) => ["interpolate", ["linear"], ["zoom"], zoom, low, 19, high];

function layersOf(hasBase) {
  const from = (id, type, more) => ({ id, type, source: "register", "source-layer": id, ...more });
  const names = (id, zooms, filter, size) => ({
    ...from(id, "symbol", { filter, ...zooms }), "source-layer": "names",
    layout: { ...NUMBERS, "text-field": ["get", "name"], "text-size": size, "text-max-width": 12,
      "text-variable-anchor": ["center", "bottom", "top", "left", "right"], "text-radial-offset": 1.2 },
    paint: { "text-color": "#5a4a2c", ...HALO },
  });
  return [
    { id: "ground", type: "background", paint: { "background-color": "#f2efe6" } },
    ...(hasBase ? [{ id: "base", type: "raster", source: "base" }] : []),
    from("communities", "line", {
      minzoom: 13, paint: { "line-color": "#8a7f66", "line-width": 1, "line-dasharray": [4, 3] },
    }),
    from("divisions", "line", {
      paint: { "line-color": "#6d6250", "line-width": ["match", ["get", "level"], 2, 2.5, 3, 1.8, 1] },
    }),
    ...(hasBase ? [] : [
      from("streets", "line", {
        layout: { "line-cap": "round" }, paint: { "line-color": "#fff", "line-width": near(16, 5, 26) },
      }),
    ]),
    names("township-names", { minzoom: 10, maxzoom: 14 }, ["==", ["get", "level"], 4], 14),
    names("county-names", { minzoom: 7, maxzoom: 12 }, ["==", ["get", "level"], 3], 15),
    names("city-names", { maxzoom: 8 }, ["==", ["get", "level"], 2], 16),
    from("cells", "circle", {
      paint: {
        "circle-color": PLATE, "circle-opacity": 0.85,
        "circle-radius": ["interpolate", ["linear"], ["log10", ["get", "addresses"]], 0, 11, 5, 30],
      },
    }),
    { ...from("cell-counts", "symbol"), "source-layer": "cells",
      layout: { ...NUMBERS, "text-allow-overlap": true, "text-padding": 10, "text-field": ["case",
        [">=", ["get", "addresses"], 10000],
        ["concat", ["number-format", ["/", ["get", "addresses"], 10000], { "max-fraction-digits": 1 }], "万"],
        ["to-string", ["get", "addresses"]]] },
      paint: { "text-color": "#fff" } },
    from("addresses", "circle", {
      paint: {
        "circle-color": DOT, "circle-radius": near(15, 2.5, 8),
        "circle-stroke-color": "#fff", "circle-stroke-width": near(15, 0.5, 1.5),
      },
    }),
    { id: "marked", type: "circle", source: "marked",
      paint: { "circle-color": SEAL, "circle-radius": near(12, 3, 9), "circle-stroke-color": "#fff", "circle-stroke-width": 1.5 } },
    { ...from("numbers", "symbol", { minzoom: 16.5 }), "source-layer": "addresses",
      layout: { ...NUMBERS, "text-variable-anchor": ["top", "bottom", "right", "left"], "text-radial-offset": 0.65, "text-field": ["case",
        ["!=", ["get", "entrance"], ""], ["concat", ["get", "label"], " ", ["get", "entrance"]], ["get", "label"]] },
      paint: { "text-color": ["case", GONE, "#5d636e", INK], ...HALO } },
    ...(hasBase ? [] : [
      { ...from("street-names", "symbol", { minzoom: 16 }), "source-layer": "streets", // before the numbers
        layout: { ...NUMBERS, "symbol-placement": "line", "text-field": ["get", "street"] },
        paint: { "text-color": "#5a4a2c", ...HALO } },
    ]),
    names("community-names", { minzoom: 14, maxzoom: 17 }, ["==", ["get", "level"], 5], 13),
  ];
}

function styleOf({ tiles, base, note }) {
  const sources = {
    register: { type: "vector", tiles: [location.origin + tiles], minzoom: 3, maxzoom: 16 },
    marked: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
  };
  if (base) sources.base = { type: "raster", tiles: [base], tileSize: 256, attribution: note };
  return { version: 8, sources, layers: layersOf(Boolean(base)) };
}

function describe({ code, standard_text: text, here, entrance }) {
  const box = document.createElement("p");
  const link = document.createElement("a");
  link.href = `/admin/addresses/${encodeURIComponent(code)}`;
  link.textContent = text;
  box.append(link);
  if (entrance) box.append(`（${entrance}）`);
  if (here > 1) box.append(document.createElement("br"), `此处还有 ${here - 1} 个地址`);
  return box;
}

function open(map, place) {
  const found = map.queryRenderedFeatures(place.point, { layers: ["marked", "addresses", "numbers", "cells"] })[0];
  if (!found) return;
  if (found.layer.id === "cells") {
    map.easeTo({ center: found.geometry.coordinates, zoom: map.getZoom() + 2 });
    return;
  }
  new maplibregl.Popup({ maxWidth: "320px" }).setLngLat(found.geometry.coordinates)
    .setDOMContent(describe(found.properties)).addTo(map);
}

// The point of a form: dragged, clicked or typed, it is the same in the fields and on the map.
function pick(map, marker, told) {
  const [lon, lat, system] = ["lon", "lat", "crs"].map((name) => document.getElementById(name));
  const take = (place) => {
    marker.setLngLat(place).addTo(map);
    lon.value = place.lng.toFixed(7);
    lat.value = place.lat.toFixed(7);
    if (system) system.value = "4490";
    told.textContent = `已选 ${lon.value}, ${lat.value}`;
  };
  const show = () => {
    const typed = [lon, lat].map((field) => Number.parseFloat(field.value));
    if (typed.every(Number.isFinite) && Math.abs(typed[1]) < 85) marker.setLngLat(typed).addTo(map);
  };
  marker.on("dragend", () => take(marker.getLngLat()));
  map.on("click", ({ lngLat }) => take(lngLat));
  for (const field of [lon, lat]) field.addEventListener("change", show);
  show();
  told.textContent = "拖动红色标记，或点一下地图，选定新的点位。";
}

async function mark(map, url, told) {
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const found = await answer.json();
  map.getSource("marked").setData(found);
  const count = found.features.length;
  told.textContent = `红点是名单里的地址：${count} 个${found.is_cut ? "（名单很长，只标出前面的）" : ""}`;
  if (!count) { told.textContent = "名单里的地址都没有点位。"; return; }
  const around = new maplibregl.LngLatBounds();
  for (const one of found.features) around.extend(one.geometry.coordinates);
  map.fitBounds(around, { padding: 50, maxZoom: 17.5, animate: false });
}

function draw(chart) {
  const { bounds, here, points, label, note, base } = chart.dataset;
  const canvas = document.createElement("div");
  const told = document.createElement("p");
  canvas.className = "canvas";
  told.className = "told";
  told.setAttribute("role", "status");
  chart.append(canvas, told);
  chart.classList.add("drawn");
  const [west, south, east, north] = bounds.split(",").map(Number);
  const middle = here && here.split(",").map(Number);
  let map;
  try {
    map = new maplibregl.Map({
      container: canvas, style: styleOf(chart.dataset), locale: { ...WORDS, "Map.Title": label },
      ...(middle ? { center: middle, zoom: 17.5 } : { bounds: [[west, south], [east, north]] }),
      fitBoundsOptions: { padding: 30, maxZoom: 17 }, minZoom: 5, maxZoom: 20,
      dragRotate: false, pitchWithRotate: false, touchPitch: false, attributionControl: false,
      cooperativeGestures: matchMedia("(pointer: coarse)").matches, // one finger scrolls the page
    });
  } catch (fault) { // no WebGL after all: what stood there comes back
    canvas.remove();
    told.remove();
    chart.classList.remove("drawn");
    return;
  }
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibregl.ScaleControl({ maxWidth: 90 }), "bottom-right");
  if (base) map.addControl(new maplibregl.AttributionControl({ compact: false, customAttribution: [] }), "bottom-right");
  const picks = chart.classList.contains("picks");
  const marker = new maplibregl.Marker({ color: SEAL, draggable: picks });
  if (middle) marker.setLngLat(middle).addTo(map);
  if (picks) pick(map, marker, told);
  else if (!chart.dataset.edits) map.on("click", (place) => open(map, place));
  map.on("load", () => {
    if (points) mark(map, points, told);
    if (chart.dataset.borders) drawBorders(map, chart, told); // of borders.js
  });
  map.once("idle", () => { chart.dataset.drawn = "yes"; });
}

function start(charts) {
  const probe = document.createElement("canvas");
  if (!probe.getContext("webgl2") && !probe.getContext("webgl")) return;
  const library = document.createElement("script");
  library.src = charts[0].dataset.library;
  library.onload = () => {
    maplibregl.setWorkerUrl(charts[0].dataset.worker);
    charts.forEach(draw);
  };
  document.head.append(library);
}

const charts = [...document.querySelectorAll("[data-map]")];
if (charts.length) start(charts);
