// Draws areas on a map of the desk, and edits one: corners are dragged, added and taken away, a new
// border or a dividing line is clicked, a neighbour to merge is chosen. Whatever is drawn stands in
// a field of the form, which is sent as it would be without the map. Comes after map.js.
"use strict";
const ROLES = {
  parent: ["#14181f", 0, 2.5], neighbour: ["#6d6250", 0.08, 1.2], own: ["#0b4ea2", 0.18, 2.5], former: ["#6b4400", 0, 1.6],
  overlap: ["#98201a", 0.55, 1], gap: ["#e0a100", 0.6, 1], outside: ["#6a2c91", 0.45, 1],
};
const REACH = 12; // pixels within which a corner is caught, and another border attracts it
const byRole = (at) => ["match", ["get", "role"], ...Object.entries(ROLES).flatMap(([role, one]) => [role, one[at]]), ROLES.neighbour[at]];
const gathered = (features) => ({ type: "FeatureCollection", features });
const feature = (type, coordinates, properties = {}) => ({ type: "Feature", geometry: { type, coordinates }, properties });
const ringsOf = ({ type, coordinates }) => (type === "MultiPolygon" ? coordinates.flat() : type === "Polygon" ? coordinates : []);

function drawBorders(map, chart, told) {
  const data = JSON.parse(chart.dataset.borders);
  map.addSource("borders", { type: "geojson", data, tolerance: 0 });
  map.addLayer({ id: "border-grounds", type: "fill", source: "borders", paint: { "fill-color": byRole(0), "fill-opacity": byRole(1) } });
  map.addLayer({ id: "border-lines", type: "line", source: "borders", filter: ["!=", ["get", "role"], "former"],
    paint: { "line-color": byRole(0), "line-width": byRole(2) } });
  map.addLayer({ id: "border-former", type: "line", source: "borders", filter: ["==", ["get", "role"], "former"],
    paint: { "line-color": byRole(0), "line-width": byRole(2), "line-dasharray": [3, 2] } });
  map.addLayer({ id: "border-names", type: "symbol", source: "borders", filter: ["all", ["!=", ["get", "name"], ""], ["!=", ["get", "role"], "parent"]],
    layout: { ...NUMBERS, "text-size": 14, "text-field": ["get", "name"] }, paint: { "text-color": INK, ...HALO } });
  const field = document.getElementById(chart.dataset.edits);
  if (!field) return leadToAreas(map);
  if (field.id === "other") chooseNeighbour(map, field, told);
  else new BorderEditor(map, chart, field, told, data).start();
}

function leadToAreas(map) {
  map.on("click", "border-grounds", ({ features, lngLat }) => {
    const { area, name } = features.map((one) => one.properties).find((one) => one.area) || {};
    if (!area || map.queryRenderedFeatures(map.project(lngLat), { layers: ["addresses", "marked", "cells"] }).length) return;
    const link = document.createElement("a");
    link.href = `/admin/areas/${area}`;
    link.textContent = name;
    new maplibregl.Popup().setLngLat(lngLat).setDOMContent(link).addTo(map);
  });
}

function chooseNeighbour(map, field, told) {
  told.textContent = "点一下要并进来的相邻责任区。";
  map.on("click", "border-grounds", ({ features }) => {
    const choices = [...field.options].map((one) => one.value);
    const found = features.find(({ properties }) => choices.includes(String(properties.area)));
    if (!found) return;
    field.value = found.properties.area;
    told.textContent = `并入：${found.properties.name}`;
  });
}

class BorderEditor {
  constructor(map, chart, field, told, data) {
    Object.assign(this, { map, field, told, isLine: field.id === "line", chosen: null, past: [] });
    this.tools = chart.closest("form").querySelector("[data-tools]");
    this.others = data.features.filter(({ properties: { role } }) => role === "neighbour" || role === "parent");
    const own = data.features.filter(({ properties: { role } }) => role === "own");
    if (this.isLine) this.others.push(...own);
    // Its own present border does not attract: it could not be left by a small step.
    this.left = new Set(this.isLine ? [] : own.flatMap(({ geometry }) => ringsOf(geometry).flat().map(String)));
    this.paths = []; // rings without their last corner, or the one line
  }

  start() {
    this.read();
    const { map } = this;
    for (const id of ["drawn", "corners", "middles"]) map.addSource(id, { type: "geojson", data: gathered([]) });
    map.addLayer({ id: "drawn", type: "line", source: "drawn", paint: { "line-color": SEAL, "line-width": 2.5 } });
    map.addLayer({ id: "middles", type: "circle", source: "middles",
      paint: { "circle-radius": 4, "circle-color": "#fff", "circle-stroke-color": SEAL, "circle-stroke-width": 1.5 } });
    map.addLayer({ id: "corners", type: "circle", source: "corners",
      paint: { "circle-radius": 6.5, "circle-color": ["case", ["get", "chosen"], "#e08a00", SEAL], "circle-stroke-color": "#fff", "circle-stroke-width": 1.5 } });
    for (const begin of ["mousedown", "touchstart"]) map.on(begin, (place) => this.grab(place));
    map.on("click", (place) => this.click(place));
    map.getCanvas().addEventListener("keydown", ({ key }) => { if (key === "Delete" || key === "Backspace") this.drop(); });
    this.field.addEventListener("change", () => { this.read(); this.show(); });
    this.tools.hidden = false;
    this.help = document.createElement("span");
    this.tools.append(this.button("撤回一步", () => this.undo()), this.button("删掉选中的拐点", () => this.drop()),
      this.button("全部重画", () => { this.keep(); this.paths = []; this.chosen = null; this.write(); }), this.help);
    this.show();
  }

  button(title, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "second";
    made.textContent = title;
    made.addEventListener("click", act);
    return made;
  }

  read() { // what stands in the field, typed or drawn before
    this.paths = [];
    try {
      const text = this.field.value.trim();
      if (!text) return;
      if (text[0] !== "{") {
        this.paths = [text.split("\n").map((row) => row.split(/[\s,，]+/).slice(0, 2).map(Number))];
        return;
      }
      let told = JSON.parse(text);
      while (told.features || told.geometry) told = told.geometry || told.features[0];
      this.shape = told;
      this.paths = this.isLine ? [told.coordinates] : ringsOf(told).map((ring) => ring.slice(0, -1));
    } catch (fault) { /* stays as it was typed; the server says what is wrong */ }
    this.count = this.paths.length;
  }

  write() {
    const closed = this.paths.map((path) => [...path, path[0]]);
    if (this.isLine) this.field.value = this.paths[0]?.length > 1 ? JSON.stringify(feature("LineString", this.paths[0]).geometry) : "";
    else if (!this.paths.length || this.paths[0].length < 3) this.field.value = "";
    else if (this.shape?.type === "MultiPolygon" && this.count === closed.length) {
      let at = 0;
      this.field.value = JSON.stringify({ type: "MultiPolygon", coordinates: this.shape.coordinates.map((part) => part.map(() => closed[at++])) });
    } else this.field.value = JSON.stringify({ type: "Polygon", coordinates: closed });
    this.show();
  }

  show() {
    const corners = [], middles = [], lines = [];
    this.paths.forEach((path, at) => {
      const isOpen = this.isLine || path.length < 3;
      if (path.length > 1) lines.push(feature("LineString", isOpen ? path : [...path, path[0]]));
      path.forEach((corner, place) => {
        corners.push(feature("Point", corner, { at, place, chosen: this.chosen?.at === at && this.chosen?.place === place }));
        const next = path[place + 1] || (isOpen ? null : path[0]);
        if (next) middles.push(feature("Point", [(corner[0] + next[0]) / 2, (corner[1] + next[1]) / 2], { at, place }));
      });
    });
    this.map.getSource("drawn").setData(gathered(lines));
    this.map.getSource("corners").setData(gathered(corners));
    this.map.getSource("middles").setData(gathered(middles));
    const isNew = !this.paths.length || this.paths[0].length < 3;
    this.help.textContent = this.isLine ? "在地图上依次点出分界线，从一边的界线到另一边。"
      : isNew ? "在地图上依次点出各个拐点；靠近别的界线会自动对齐。"
      : "拖动红点移动拐点，拖动白点添加拐点；点一下红点再按“删掉”去掉它。靠近别的界线会自动对齐。";
  }

  keep() { this.past.push(JSON.stringify(this.paths)); }

  undo() {
    if (!this.past.length) return;
    this.paths = JSON.parse(this.past.pop());
    this.chosen = null;
    this.write();
  }

  drop() {
    const path = this.chosen && this.paths[this.chosen.at];
    if (!path || (!this.isLine && path.length <= 3)) return;
    this.keep();
    path.splice(this.chosen.place, 1);
    this.chosen = null;
    this.write();
  }

  find(point) {
    const around = [[point.x - REACH, point.y - REACH], [point.x + REACH, point.y + REACH]];
    const found = this.map.queryRenderedFeatures(around, { layers: ["corners", "middles"] });
    return found.find((one) => one.layer.id === "corners") || found[0];
  }

  grab(place) {
    const found = this.find(place.point);
    if (!found || place.points?.length > 1) return;
    place.preventDefault(); // the map stays
    const { at, place: corner } = found.properties;
    this.keep();
    let spot = corner;
    if (found.layer.id === "middles") {
      spot = corner + 1;
      this.paths[at].splice(spot, 0, found.geometry.coordinates);
    }
    this.chosen = { at, place: spot };
    this.origin = String(this.paths[at][spot]);
    const [move, end] = place.type === "touchstart" ? ["touchmove", "touchend"] : ["mousemove", "mouseup"];
    const follow = ({ lngLat }) => { this.paths[at][spot] = this.snap(lngLat); this.show(); };
    this.map.on(move, follow);
    this.map.once(end, () => { this.map.off(move, follow); this.write(); });
  }

  click({ lngLat, point }) {
    if (this.find(point)) return;
    const isNew = this.isLine || !this.paths.length || !this.count;
    if (!isNew) return;
    this.keep();
    if (!this.paths.length) this.paths.push([]);
    this.paths[0].push(this.snap(lngLat));
    this.write();
  }

  snap(lngLat) { // the nearest corner of another area, else the nearest point of its border
    const at = this.map.project(lngLat);
    let corner = null, edge = null, nearCorner = REACH, nearEdge = REACH;
    for (const { geometry } of this.others) {
      for (const ring of ringsOf(geometry)) {
        const drawn = ring.map((one) => this.map.project(one));
        drawn.forEach((one, place) => {
          const far = Math.hypot(one.x - at.x, one.y - at.y);
          if (far < nearCorner && String(ring[place]) !== this.origin) [corner, nearCorner] = [ring[place], far];
          if (!place) return;
          const from = drawn[place - 1], dx = one.x - from.x, dy = one.y - from.y;
          const along = Math.max(0, Math.min(1, ((at.x - from.x) * dx + (at.y - from.y) * dy) / (dx * dx + dy * dy || 1)));
          const away = Math.hypot(from.x + along * dx - at.x, from.y + along * dy - at.y);
          const [a, b] = [ring[place - 1], ring[place]];
          const isLeft = this.left.has(String(a)) && this.left.has(String(b));
          if (away < nearEdge && !isLeft) [edge, nearEdge] = [[a[0] + along * (b[0] - a[0]), a[1] + along * (b[1] - a[1])], away];
        });
      }
    }
    return (corner || edge || [lngLat.lng, lngLat.lat]).map((degrees) => Math.round(degrees * 1e9) / 1e9);
  }
}
