/* The lineage page. vis-network holds the things, moves the view and calls the painters below;
   this file says what is shown, in which colours, and answers search, keys, pointer and address. */
(() => {
"use strict";

const $ = (id) => document.getElementById(id);
const root = document.documentElement;
root.classList.add("js");

/* ---------- What the page holds ---------- */

const page = JSON.parse($("data").textContent);
const rows = (columns) => {
  const names = Object.keys(columns);
  return columns[names[0]].map((_, i) => ({
    index: i,
    ...Object.fromEntries(names.map((name) => [name, columns[name][i]])),
  }));
};

/** The address if it is one to link to, else null. */
function address(packed) {
  if (!packed) return null;
  const text = page.prefixes[packed[0]] + packed[1];
  try {
    return new URL(text).protocol === "https:" ? text : null;
  } catch {
    return null;
  }
}

const nodes = rows(page.nodes);
const edges = rows(page.edges);
const relations = page.relations.map(([name, words, meaning, descends]) =>
  ({ name, words, meaning, descends }));
const families = page.families.map(([slug, label], i) => ({ slug: slug || "", label, hue: i % 6 }));
const kinds = page.kinds.map(([name, shape]) => ({ name, shape }));
for (const node of nodes) node.key = page.stem + node.key;
const nodeOfKey = new Map(nodes.map((node) => [node.key, node]));

for (const node of nodes) {
  node.out = [];
  node.in = [];
  node.aliases = node.aliases || [];
  node.stages = node.stages || [];
  node.code = (node.code || []).map(address).filter(Boolean);
  node.url = address(node.url);
  node.shape = kinds[node.kind].shape;
}
for (const edge of edges) {
  nodes[edge.from].out.push(edge);
  nodes[edge.to].in.push(edge);
  edge.inside = nodes[edge.from].family === nodes[edge.to].family;
}
/* The most frequent relation gets the plainest line. */
const numberOf = (i) => edges.reduce((sum, edge) => sum + (edge.relation === i), 0);
relations.map((relation, i) => ({ relation, number: numberOf(i) }))
  .sort((a, b) => b.number - a.number)
  .forEach(({ relation }, rank) => { relation.rank = rank; });

const lastPart = (text) => text.slice(text.lastIndexOf("/") + 1);

/** The entry; its lines leave out what the node holds already. */
function bibtexOf(node) {
  if (node.bibtex === null) return "";
  const url = node.url || "";
  const parts = { $: "$", t: node.title, u: url, i: lastPart(url), k: lastPart(node.key) };
  return page.entries[node.bibtex]
    .map((line) => page.lines[line].replace(/\$([$tuik])/g, (_, mark) => parts[mark])).join("\n");
}

/* ---------- What is shown: one state, kept in the address ---------- */

const datedYears = nodes.map((node) => node.year).filter((year) => year !== null);
const firstYear = datedYears.length ? Math.min(...datedYears) : 0;
const lastYear = datedYears.length ? Math.max(...datedYears) : 0;
const crossing = edges.filter((edge) => !edge.inside).length;

const startState = () => ({
  node: page.focus === null ? null : nodes[page.focus],
  from: firstYear,
  to: lastYear,
  undated: true,
  stage: "",
  venue: "",
  kinds: new Set(),
  relations: new Set(),
  families: new Set(),
  crossing: crossing <= 100,
  only: false,
  table: false,
});
let state = startState();

const isFiltered = () => state.only || !state.undated || state.stage !== "" || state.venue !== ""
  || state.from !== firstYear || state.to !== lastYear
  || state.kinds.size + state.relations.size + state.families.size > 0;

const hiddenNames = {
  kinds: (i) => kinds[i].name,
  relations: (i) => relations[i].name,
  families: (i) => families[i].slug,
};

/** The state as the part of the address after "#"; what is as at the start is left out. */
function toHash() {
  const fresh = startState();
  const parts = [];
  const add = (name, value) =>
    parts.push(`${name}=${encodeURIComponent(value).replace(/%2F/g, "/").replace(/%3A/g, ":")}`);
  if (state.node !== fresh.node) add("node", state.node ? state.node.key : "");
  if (state.from !== fresh.from || state.to !== fresh.to) add("years", `${state.from}-${state.to}`);
  if (!state.undated) add("undated", "no");
  if (state.stage) add("stage", state.stage);
  if (state.venue) add("venue", state.venue);
  for (const name of ["kinds", "relations", "families"]) {
    for (const i of [...state[name]].sort((a, b) => a - b)) {
      add(`no-${name}`, hiddenNames[name](i));
    }
  }
  if (state.crossing !== fresh.crossing) add("crossing", state.crossing ? "yes" : "no");
  if (state.only) add("only", "lineage");
  if (state.table) add("view", "table");
  return parts.join("&");
}

/** The state that an address asks for; what it cannot mean is left out. */
function fromHash(hash) {
  const asked = startState();
  const parts = hash.length > 20000 ? new URLSearchParams() : new URLSearchParams(hash);
  if (parts.has("node")) {
    const key = parts.get("node");
    const known = nodeOfKey.get(key) || nodeOfKey.get(key.replace(page.base, ""));
    if (known || key === "") asked.node = known || null;
  }
  const years = /^(\d{4})-(\d{4})$/.exec(parts.get("years") || "");
  if (years && years[1] <= years[2]) {
    asked.from = Math.min(Math.max(Number(years[1]), firstYear), lastYear);
    asked.to = Math.max(Math.min(Number(years[2]), lastYear), firstYear);
  }
  if (parts.get("undated") === "no") asked.undated = false;
  if (page.stages.includes(parts.get("stage"))) asked.stage = parts.get("stage");
  if (page.venues.includes(parts.get("venue"))) asked.venue = parts.get("venue");
  for (const [name, lists] of Object.entries({ kinds, relations, families })) {
    const wanted = new Set(parts.getAll(`no-${name}`));
    lists.forEach((_, i) => wanted.has(hiddenNames[name](i)) && asked[name].add(i));
  }
  if (["yes", "no"].includes(parts.get("crossing"))) asked.crossing = parts.get("crossing") === "yes";
  asked.only = parts.get("only") === "lineage" && asked.node !== null;
  asked.table = parts.get("view") === "table";
  return asked;
}

/** Take changes over, show them, and leave a step for the browser's back button. */
function change(changes) {
  const before = state.node;
  state = { ...state, ...changes };
  if (!state.node) state.only = false;
  const hash = toHash();
  if (hash !== location.hash.slice(1)) location.hash = hash;
  show(before);
}

window.addEventListener("hashchange", () => {
  if (location.hash.slice(1) === toHash()) return;
  const before = state.node;
  state = fromHash(location.hash.slice(1));
  show(before);
});

/* ---------- Lineage and filters ---------- */

const followed = (edge) =>
  relations[edge.relation].descends && !state.relations.has(edge.relation);

/** All nodes that can be reached from a node; a cycle may lead back to the node itself. */
function closure(start, direction) {
  const [list, end] = direction === "up" ? ["out", "to"] : ["in", "from"];
  const seen = new Set();
  const todo = [start];
  while (todo.length) {
    for (const edge of todo.pop()[list]) {
      if (followed(edge) && !seen.has(edge[end])) {
        seen.add(edge[end]);
        todo.push(nodes[edge[end]]);
      }
    }
  }
  seen.delete(start.index);
  return seen;
}

let up = new Set();
let down = new Set();
let visible = new Array(nodes.length).fill(true);
let edgeVisible = new Array(edges.length).fill(true);

function passes(node) {
  if (state.kinds.has(node.kind) || state.families.has(node.family)) return false;
  if (node.year === null ? !state.undated : node.year < state.from || node.year > state.to) {
    return false;
  }
  if (state.stage && !node.stages.some((stage) => page.stages[stage] === state.stage)) return false;
  return !state.venue || (node.venue !== null && page.venues[node.venue] === state.venue);
}

const inLineage = (i) => state.node !== null && (state.node.index === i || up.has(i) || down.has(i));

/** "up" or "down" if an edge is part of the selected lineage. */
function direction(edge) {
  if (!state.node || !followed(edge)) return "";
  const self = state.node.index;
  const on = (set, i) => i === self || set.has(i);
  if (on(up, edge.from) && on(up, edge.to)) return "up";
  return on(down, edge.from) && on(down, edge.to) ? "down" : "";
}

function refreshLineage() {
  up = state.node ? closure(state.node, "up") : new Set();
  down = state.node ? closure(state.node, "down") : new Set();
  visible = nodes.map((node) => passes(node) && (!state.only || inLineage(node.index)));
  for (const edge of edges) {
    edge.direction = direction(edge);
    const touches = state.node && (edge.from === state.node.index || edge.to === state.node.index);
    edgeVisible[edge.index] = visible[edge.from] && visible[edge.to]
      && edge.from !== edge.to && !state.relations.has(edge.relation)
      && (edge.inside || (state.crossing && !state.node) || Boolean(edge.direction) || Boolean(touches))
      && (!state.only || Boolean(edge.direction) || Boolean(touches));
  }
}

/* ---------- Colours and marks ---------- */

let colour = {};
function readColours() {
  const style = getComputedStyle(root);
  const names = ["paper", "band", "ink", "soft", "grid", "cross", "faded", "faded-mark", "up",
    "down", "accent", "font", ...[0, 1, 2, 3, 4, 5].map((i) => `lane-${i}`)];
  colour = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

const laneColour = (family) => colour[`lane-${families[family].hue}`];
const DASHES = [[], [7, 4], [2, 3.5], [9, 3, 2, 3], [4, 2], [12, 4]];
const dashOfRelation = (relation) => DASHES[relation.rank % DASHES.length];
const dashOf = (edge) => dashOfRelation(relations[edge.relation]);
const DASH_WORDS = ["solid", "dashed", "dotted", "dash-dotted", "short dashes", "long dashes"];
const DOWN_DASH = [9, 4];

function edgeStyle(edge) {
  if (edge.direction === "up") return { stroke: colour.up, width: 2.4, dash: [] };
  if (edge.direction === "down") return { stroke: colour.down, width: 2.2, dash: DOWN_DASH };
  if (state.node) return { stroke: colour.faded, width: 1, dash: dashOf(edge) };
  if (edge.inside) {
    return { stroke: laneColour(nodes[edge.from].family), width: 1.6, dash: dashOf(edge) };
  }
  return { stroke: colour.cross, width: 0.9, dash: dashOf(edge) };
}

function nodeStyle(node) {
  const i = node.index;
  if (!state.node) return { fill: laneColour(node.family), stroke: colour.paper };
  if (state.node.index === i) return { fill: colour.ink, stroke: colour.ink };
  if (up.has(i) && down.has(i)) return { fill: colour.up, stroke: colour.down };
  if (up.has(i)) return { fill: colour.up, stroke: colour.up };
  if (down.has(i)) return { fill: colour.paper, stroke: colour.down };
  return { fill: colour["faded-mark"], stroke: colour.paper };
}

const polygon = (points) =>
  `M${points.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`).join("L")}Z`;
const around = (x, y, radius, count, turn, inner = radius) =>
  polygon(Array.from({ length: count }, (_, i) => {
    const angle = turn + (i * 2 * Math.PI) / count;
    const r = i % 2 ? inner : radius;
    return [x + r * Math.cos(angle), y + r * Math.sin(angle)];
  }));
const SHAPES = {
  square: (x, y, r) => around(x, y, r * 1.2, 4, Math.PI / 4),
  diamond: (x, y, r) => around(x, y, r * 1.3, 4, 0),
  triangle: (x, y, r) => around(x, y + r * 0.2, r * 1.25, 3, -Math.PI / 2),
  triangleDown: (x, y, r) => around(x, y - r * 0.2, r * 1.25, 3, Math.PI / 2),
  hexagon: (x, y, r) => around(x, y, r * 1.1, 6, 0),
  star: (x, y, r) => around(x, y, r * 1.35, 10, -Math.PI / 2, r * 0.6),
  dot: (x, y, r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`,
};
const shapePath = (shape, x, y, radius) => (SHAPES[shape] || SHAPES.dot)(x, y, radius);

/* ---------- The ways of lines, in the world's coordinates ---------- */

/* Relations of one thing leave it side by side; in a lineage they are one. */
const liftOf = (edge) => (edge.direction ? 0 : (relations[edge.relation].rank % 3) * 3.5);

/** Points of a line that leaves the older thing's row in a channel; null if it is a curve. */
function bend(edge) {
  if (edge.channel === null) return null;
  const [young, old] = [nodes[edge.from], nodes[edge.to]];
  const y = old.y + liftOf(edge);
  return [[old.x, y], [edge.channel, y], [edge.channel, young.y], [young.x, young.y]];
}

function curve(edge) {
  const [young, old] = [nodes[edge.from], nodes[edge.to]];
  const reach = Math.max(50, Math.abs(young.x - old.x) * 0.4);
  const sign = young.x > old.x ? 1 : -1;
  const bow = young.x === old.x ? 46 : 0;
  const lift = liftOf(edge);
  return [[old.x, old.y + lift], [old.x + sign * reach - bow * sign, old.y + lift - (sign < 0 ? 26 : 0)],
    [young.x - sign * reach - bow, young.y - (sign < 0 ? 26 : 0)], [young.x, young.y]];
}

function edgePath(edge) {
  const points = bend(edge);
  if (!points) {
    const [a, b, c, d] = curve(edge);
    return `M${a.join(" ")}C${b.join(" ")} ${c.join(" ")} ${d.join(" ")}`;
  }
  const [[x1, y1], [x, ], [, y2], [x2, ]] = points;
  const r = Math.min(8, Math.abs(y2 - y1) / 2, Math.max(0, x2 - x));
  if (r < 0.5) return `M${x1} ${y1}L${x2} ${y2}`;
  const s = Math.sign(y2 - y1);
  return `M${x1} ${y1}L${x - r} ${y1}Q${x} ${y1} ${x} ${y1 + s * r}L${x} ${y2 - s * r}`
    + `Q${x} ${y2} ${x + r} ${y2}L${x2} ${y2}`;
}

/** The line as short straight pieces, for finding what the pointer is on. */
function edgePieces(edge) {
  const points = bend(edge);
  if (points) return points;
  const [a, b, c, d] = curve(edge);
  return Array.from({ length: 25 }, (_, i) => {
    const t = i / 24;
    const u = 1 - t;
    return [0, 1].map((k) =>
      u ** 3 * a[k] + 3 * u * u * t * b[k] + 3 * u * t * t * c[k] + t ** 3 * d[k]);
  });
}

function wayOf(edge) {
  const key = edge.direction ? "straight" : "lifted";
  edge[key] = edge[key] || new Path2D(edgePath(edge));
  return edge[key];
}

/* ---------- Labels: who gives way to whom, at which scale ---------- */

const LABEL_HEIGHT = 14;
const measure = document.createElement("canvas").getContext("2d");

function clip(text, room) {
  if (measure.measureText(text).width <= room) return text;
  const letters = [...text];
  let [low, high] = [0, letters.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const short = `${letters.slice(0, middle).join("").trimEnd()}…`;
    if (measure.measureText(short).width <= room) low = middle;
    else high = middle - 1;
  }
  return `${letters.slice(0, low).join("").trimEnd()}…`;
}

function measureLabels() {
  measure.font = `12px ${colour.font}`;
  for (const node of nodes) {
    node.text = clip(node.label.replace(/\s+/g, " "), Math.max(node.room, 30) + 6);
    node.wide = measure.measureText(node.text).width;
  }
}

/* Labels keep their size on the screen. Two of them stop overlapping at one certain scale, so each
   gets the scale from which on it disturbs none more important; moving the view changes nothing. */
function rankLabels() {
  const order = nodes.filter((node) => visible[node.index]).sort((a, b) =>
    inLineage(b.index) - inLineage(a.index)
    || (state.node === b) - (state.node === a)
    || b.weight - a.weight
    || b.in.length + b.out.length - a.in.length - a.out.length
    || a.index - b.index);
  const lowest = Math.max(fitScale() * 0.5, 0.02);
  const placed = new Map();
  const cell = 180 / lowest;
  const rowHeight = LABEL_HEIGHT / lowest;
  for (const node of order) {
    node.from = state.node && !inLineage(node.index) ? 0.8 : 0;
    const [column, row] = [Math.floor(node.x / cell), Math.floor(node.y / rowHeight)];
    for (let i = column - 1; i <= column + 1; i++) {
      for (let j = row - 1; j <= row + 1; j++) {
        for (const other of placed.get(`${i} ${j}`) || []) {
          const clear = clearScale(node, other);
          if (clear > other.from && clear > node.from) node.from = clear;
        }
      }
    }
    const key = `${column} ${row}`;
    if (!placed.has(key)) placed.set(key, []);
    placed.get(key).push(node);
  }
}

/** The scale from which on two labels, or one's label and the other's mark, lie apart. */
function clearScale(a, b) {
  const [left, right] = a.x <= b.x ? [a, b] : [b, a];
  const across = (left.wide + 14) / Math.max(right.x - left.x, 1e-6);
  const along = LABEL_HEIGHT / Math.max(Math.abs(a.y - b.y), 1e-6);
  return Math.min(across, along);
}

const labelShows = (node, scale) => visible[node.index] && scale >= node.from;

/* ---------- The drawing ---------- */

let network = null;
let things = null;
let lines = null;
let cursor = null;
let hovered = null;
let hoveredEdge = null;

const frame = () => network.canvas.frame;
const scaleNow = () => network.body.view.scale;
const toScreen = (x, y) => network.canvasToDOM({ x, y });
const toWorld = (x, y) => network.DOMtoCanvas({ x, y });
const radiusAt = (node, scale) =>
  Math.min(Math.max(node.size, 3.4 / scale), 11) * Math.min(1, 1.15 / scale);

function paintLanes(ctx) {
  const scale = scaleNow();
  const a = toWorld(0, 0);
  const b = toWorld($("plot").clientWidth, $("plot").clientHeight);
  ctx.fillStyle = colour.paper;
  ctx.fillRect(a.x, a.y, b.x - a.x, b.y - a.y);
  ctx.fillStyle = colour.band;
  page.lanes.forEach(([, top, bottom], i) => {
    if (i % 2 === 0) ctx.fillRect(a.x, top, b.x - a.x, bottom - top);
  });
  ctx.strokeStyle = colour.grid;
  ctx.lineWidth = 1 / scale;
  for (const [year, left, right] of page.years) {
    ctx.beginPath();
    ctx.setLineDash([]);
    ctx.moveTo(left, a.y);
    ctx.lineTo(left, b.y);
    ctx.stroke();
    if (year === null) hatch(ctx, left, right, a.y, b.y, scale);
  }
}

/** Slanted lines over the place of undated things. */
function hatch(ctx, left, right, top, bottom, scale) {
  const step = 14 / scale;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, right - left, bottom - top);
  ctx.clip();
  ctx.globalAlpha = 0.5;
  ctx.beginPath();
  const height = bottom - top;
  const first = Math.floor((left - height) / step) * step;
  for (let x = first; x < right; x += step) {
    ctx.moveTo(x, bottom);
    ctx.lineTo(x + height, top);
  }
  ctx.stroke();
  ctx.restore();
}

function paintEdge(ctx, edge) {
  if (!edgeVisible[edge.index]) return;
  const scale = scaleNow();
  const style = edgeStyle(edge);
  const strong = hoveredEdge === edge;
  ctx.strokeStyle = strong ? colour.accent : style.stroke;
  ctx.lineWidth = (style.width + (strong ? 1.4 : 0)) / Math.max(scale, 0.3);
  ctx.setLineDash(style.dash.map((length) => length / Math.max(scale, 0.5)));
  ctx.stroke(wayOf(edge));
  ctx.setLineDash([]);
}

function paintNode(ctx, node) {
  if (!visible[node.index]) return;
  const scale = scaleNow();
  const radius = radiusAt(node, scale);
  const style = nodeStyle(node);
  const path = new Path2D(shapePath(node.shape, node.x, node.y, radius));
  ctx.fillStyle = style.fill;
  ctx.strokeStyle = style.stroke;
  ctx.lineWidth = (inLineage(node.index) ? 2 : 1.2) / scale;
  ctx.fill(path);
  ctx.stroke(path);
  if (node === cursor || node === hovered || node === state.node) {
    ctx.strokeStyle = node === cursor ? colour.accent : colour.ink;
    ctx.lineWidth = 2 / scale;
    ctx.beginPath();
    ctx.arc(node.x, node.y, radius + 4 / scale, 0, 2 * Math.PI);
    ctx.stroke();
  }
}

/* Labels grow only where all of them have room. */
const fontSize = (scale) => 12 * Math.min(Math.max(1, scale / 1.8), 1.25);

/** The label's box on the screen. */
function labelBox(node, scale) {
  const grow = fontSize(scale) / 12;
  const spot = toScreen(node.x, node.y);
  const x = spot.x + radiusAt(node, scale) * scale * 0.7 + (node === state.node ? 7 : 3);
  return { x, y: spot.y - LABEL_HEIGHT * grow, width: node.wide * grow, height: 13 * grow };
}

function paintLabels(ctx) {
  const scale = scaleNow();
  const size = fontSize(scale);
  const ratio = network.canvas.pixelRatio || 1;
  ctx.save();
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.lineJoin = "round";
  ctx.textBaseline = "alphabetic";
  const [width, height] = [$("plot").clientWidth, $("plot").clientHeight];
  for (const node of nodes) {
    const forced = node === hovered || node === cursor || node === state.node;
    if (!visible[node.index] || !(forced || labelShows(node, scale))) continue;
    const box = labelBox(node, scale);
    if (box.x > width || box.x + box.width < 0 || box.y > height || box.y + 20 < 0) continue;
    const strong = node === state.node || node === hovered || node === cursor;
    ctx.font = `${strong ? 600 : 400} ${size}px ${colour.font}`;
    ctx.lineWidth = 4;
    ctx.strokeStyle = colour.paper;
    ctx.fillStyle = state.node && !inLineage(node.index) && !strong ? colour.soft : colour.ink;
    ctx.globalAlpha = 0.85;
    ctx.strokeText(node.text, box.x, box.y + box.height - 3, strong ? undefined : box.width);
    ctx.globalAlpha = 1;
    ctx.fillText(node.text, box.x, box.y + box.height - 3, strong ? undefined : box.width);
  }
  ctx.restore();
}

function markFirstFrame() {
  if (!performance.getEntriesByName("first-frame").length) performance.mark("first-frame");
}

function startNetwork() {
  const options = {
    physics: false,
    layout: { improvedLayout: false },
    interaction: {
      dragNodes: false, hover: false, selectable: false, hideEdgesOnDrag: false, zoomSpeed: 0.6,
    },
    edges: { smooth: false },
    nodes: {
      shape: "custom",
      ctxRenderer: ({ ctx, id }) => ({
        drawNode: () => paintNode(ctx, nodes[id]),
        nodeDimensions: { width: 24, height: 24 },
      }),
    },
  };
  things = new vis.DataSet(nodes.map(({ index, x, y, label }) => ({ id: index, x, y, label })));
  lines = new vis.DataSet(edges.map(({ index, from, to }) => ({ id: index, from, to })));
  network = new vis.Network($("plot"), { nodes: things, edges: lines }, options);
  network.on("beforeDrawing", paintLanes);
  network.on("afterDrawing", (ctx) => {
    paintLabels(ctx);
    placeCaptions();
    markFirstFrame();
  });
  network.on("zoom", keepInReach);
  network.on("dragEnd", keepInReach);
  network.on("resize", afterResize);
  takeOverEdges();
}

/* vis-network draws straight lines and a few curves. Each of its edges has an object that draws
   it: it is told our way instead, so that all else (order, hiding, redrawing) stays its own. */
function takeOverEdges() {
  for (const edge of edges) {
    network.body.edges[edge.index].edgeType.drawLine = (ctx) => paintEdge(ctx, edge);
  }
}

/* ---------- The camera ---------- */

let fitted = true;

function bounds(list) {
  const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (const node of list) {
    box.left = Math.min(box.left, node.x);
    box.right = Math.max(box.right, node.x);
    box.top = Math.min(box.top, node.y);
    box.bottom = Math.max(box.bottom, node.y);
  }
  return box;
}

/** Scale and centre at which a list of nodes, with their labels, fills the plot. */
function framing(list, limit) {
  const [width, height] = [$("plot").clientWidth, $("plot").clientHeight];
  const box = bounds(list);
  const pad = { left: 22, top: state.node ? 58 : 30, bottom: 58 };
  const right = (scale) => Math.max(...list
    .filter((node) => box.right - node.x < 160 / scale)
    .map((node) => Math.min(node.wide, width / 3) + 26 - (box.right - node.x) * scale));
  let scale = limit;
  for (let i = 0; i < 3; i++) {
    const across = (width - pad.left - right(scale)) / Math.max(box.right - box.left, 1);
    const along = (height - pad.top - pad.bottom) / Math.max(box.bottom - box.top, 1);
    scale = Math.max(Math.min(across, along, limit), 0.01);
  }
  const shift = { x: (right(scale) - pad.left) / 2, y: (pad.bottom - pad.top) / 2 };
  return {
    scale,
    position: {
      x: (box.left + box.right) / 2 + shift.x / scale,
      y: (box.top + box.bottom) / 2 + shift.y / scale,
    },
  };
}

const shownNodes = () => nodes.filter((node) => visible[node.index]);
const fitScale = () => (nodes.length ? framing(nodes, 1.6).scale : 1);

function moveTo(view, quick) {
  const still = quick || matchMedia("(prefers-reduced-motion: reduce)").matches;
  network.moveTo({
    ...view, animation: still ? false : { duration: 320, easingFunction: "easeInOutQuad" },
  });
  if (still) network.redraw();
}

function fit(quick = false) {
  const lineage = nodes.filter((node) => visible[node.index] && inLineage(node.index));
  const list = lineage.length ? lineage : shownNodes();
  if (!list.length) return;
  fitted = true;
  moveTo(framing(list, 1.6), quick);
}

/** The whole, or on a small window the newest part of it at a size that can be read. */
function openView() {
  const whole = framing(nodes.length ? nodes : [{ x: 0, y: 0, wide: 0 }], 1.6);
  const small = $("plot").clientWidth < 500 && whole.scale < 0.3;
  if (state.node || !small || !nodes.length) return fit(true);
  const box = bounds(nodes);
  const [width, height] = [$("plot").clientWidth, $("plot").clientHeight];
  const scale = Math.min((height - 64) / (box.bottom - box.top), 0.6);
  fitted = false;
  const position = {
    x: box.right + 110 / scale - width / 2 / scale,
    y: Math.min((box.top + box.bottom) / 2, box.top + (height / 2 - 30) / scale),
  };
  return moveTo({ scale, position }, true);
}

const reach = () => {
  const least = Math.min(fitScale(), 1) * 0.6;
  return [least, Math.max(4, least * 16)];
};

function zoomBy(factor) {
  const [least, most] = reach();
  fitted = false;
  moveTo({
    scale: Math.min(Math.max(scaleNow() * factor, least), most),
    position: network.getViewPosition(),
  }, false);
}

/** Bring the view back when it was zoomed too far or dragged off everything. */
function keepInReach() {
  fitted = false;
  const [least, most] = reach();
  const box = bounds(nodes);
  const at = network.getViewPosition();
  const scale = Math.min(Math.max(scaleNow(), least), most);
  const position = {
    x: Math.min(Math.max(at.x, box.left), box.right),
    y: Math.min(Math.max(at.y, box.top), box.bottom),
  };
  if (scale !== scaleNow() || position.x !== at.x || position.y !== at.y) {
    network.moveTo({ scale, position });
  }
}

function afterResize() {
  rankLabels();
  if (fitted) fit(true);
}

/* Captions of years and lanes stand outside the canvas, at the same places. */
const yearCaptions = page.years.map(([year]) => caption($("ruler"), year === null ? "undated" : year));
const laneCaptions = page.lanes.map(([family]) => caption($("gutter"), families[family].label));
page.years.forEach(([year], i) => yearCaptions[i].classList.toggle("undated", year === null));
page.lanes.forEach(([family], i) =>
  laneCaptions[i].style.setProperty("--lane", `var(--lane-${families[family].hue})`));

function caption(where, text) {
  const span = document.createElement("span");
  span.textContent = text;
  where.append(span);
  return span;
}

function placeCaptions() {
  placeYears();
  placeLanes();
}

function yearCaption(year, short) {
  if (year === null) return short ? "n.d." : "undated";
  return short ? `’${String(year).slice(-2)}` : String(year);
}

function placeYears() {
  let free = -Infinity;
  const width = $("plot").clientWidth;
  page.years.forEach(([year, left, right], i) => {
    const [a, b] = [toScreen(left, 0).x, toScreen(right, 0).x];
    const short = b - Math.max(a, 0) < (year === null ? 66 : 46);
    const need = short ? 31 : 46;
    const x = Math.max(a, Math.min(0, b - need));
    const fits = b > 0 && a < width && x >= free && b - x >= 18;
    yearCaptions[i].hidden = !fits;
    if (!fits) return;
    yearCaptions[i].textContent = yearCaption(year, short);
    yearCaptions[i].style.transform = `translateX(${x}px)`;
    free = x + need;
  });
}

function placeLanes() {
  const height = $("plot").clientHeight;
  const line = $("gutter").clientWidth > 100 ? 15 : 13;
  const found = [];
  page.lanes.forEach(([, top, bottom], i) => {
    const a = Math.max(toScreen(0, top).y, 0);
    const b = Math.min(toScreen(0, bottom).y, height);
    laneCaptions[i].hidden = b <= a;
    if (b > a) found.push({ span: laneCaptions[i], middle: (a + b) / 2, tall: b - a > 2 * line });
  });
  let low = 1;
  for (const item of found) {
    item.height = line * (item.tall ? captionLines(item.span) : 1);
    item.y = Math.max(item.middle - item.height / 2, low);
    low = item.y + item.height;
  }
  let high = height - 1;
  for (const item of found.reverse()) {
    item.y = Math.min(item.y, high - item.height);
    high = item.y;
    item.span.classList.toggle("tall", item.tall);
    item.span.style.transform = `translateY(${item.y}px)`;
    if (item.y < 0) item.span.hidden = true;
  }
}

function captionLines(span) {
  if (span.lines === undefined || span.width !== $("gutter").clientWidth) {
    span.width = $("gutter").clientWidth;
    measure.font = `${span.width > 100 ? 12 : 11}px ${colour.font}`;
    span.lines = measure.measureText(span.textContent).width > span.width - 24 ? 2 : 1;
  }
  return span.lines;
}

/* ---------- Pointer ---------- */

function nodeAt(x, y, slack) {
  const scale = scaleNow();
  let best = null;
  let least = slack;
  for (const node of nodes) {
    if (!visible[node.index]) continue;
    const spot = toScreen(node.x, node.y);
    const distance = Math.hypot(spot.x - x, spot.y - y) - radiusAt(node, scale) * scale;
    if (distance < least) [best, least] = [node, distance];
  }
  return best || labelAt(x, y, scale);
}

function labelAt(x, y, scale) {
  return nodes.find((node) => {
    if (!labelShows(node, scale)) return false;
    const box = labelBox(node, scale);
    return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
  }) || null;
}

function pieceDistance([ax, ay], [bx, by], x, y) {
  const [dx, dy] = [bx - ax, by - ay];
  const t = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}

function edgeAt(x, y) {
  const spot = toWorld(x, y);
  let least = 6 / scaleNow();
  let best = null;
  for (const edge of edges) {
    if (!edgeVisible[edge.index]) continue;
    edge.pieces = edge.pieces || edgePieces(edge);
    const ahead = edge.direction ? 1.5 / scaleNow() : 0;
    for (let i = 1; i < edge.pieces.length; i++) {
      const distance = pieceDistance(edge.pieces[i - 1], edge.pieces[i], spot.x, spot.y) - ahead;
      if (distance < least) [best, least] = [edge, distance];
    }
  }
  return best;
}

const pointerSpot = (event) => {
  const box = $("plot").getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
};

let pressed = null;

function onMove(event) {
  if (event.pointerType === "touch" || event.buttons || !network) return;
  const [x, y] = pointerSpot(event);
  const node = nodeAt(x, y, 5);
  const edge = node ? null : edgeAt(x, y);
  $("plot").classList.toggle("over", Boolean(node || edge));
  if (node !== hovered || edge !== hoveredEdge) {
    hovered = node;
    hoveredEdge = edge;
    network.redraw();
  }
  if (node) showTip(nodeTip(node), x, y);
  else if (edge) showTip(edgeTip(edge), x, y);
  else hideTip();
}

function onLeave() {
  hovered = null;
  hoveredEdge = null;
  hideTip();
  network.redraw();
}

function onClick(event) {
  const [x, y] = pointerSpot(event);
  if (!pressed || Math.hypot(pressed[0] - x, pressed[1] - y) > 6) return;
  const touch = event.pointerType === "touch";
  const node = nodeAt(x, y, touch ? 14 : 5);
  if (node) {
    select(node, { announce: true });
    return;
  }
  const edge = edgeAt(x, y);
  if (edge) {
    hoveredEdge = edge;
    showTip(edgeTip(edge), x, y);
    say(edgeSentence(edge));
    network.redraw();
  } else if (state.node) {
    change({ node: null });
  }
}

/* ---------- Words ---------- */

const plural = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;
const yearWords = (node) => (node.year === null ? "undated" : String(node.year));

function edgeSentence(edge) {
  const relation = relations[edge.relation];
  const line = `${nodes[edge.from].label} — ${relation.words} → ${nodes[edge.to].label}`;
  const source = edge.evidence.length ? `Source: ${evidenceWords(edge.evidence[0])}.` : "No source.";
  return [`${line}.`, relation.meaning, source].filter(Boolean).join(" ");
}

function evidenceWords(evidence) {
  const [document_, locator, reading, , assertedBy, certainty] = unpackEvidence(evidence);
  const by = assertedBy ? `said by ${assertedBy}` : "";
  return [document_.label, locator, reading, certainty, by].filter(Boolean).join(", ");
}

/** What a piece of evidence says; who says it is left out where that is the document itself. */
function unpackEvidence([number, ...words]) {
  const [label, packed] = page.documents[number];
  const [locator, reading, kind, assertedBy, certainty] = words.map((word) => page.words[word]);
  return [{ label: shortCommit(label), url: address(packed) }, locator, reading, spaced(kind),
    assertedBy === label ? "" : shortCommit(assertedBy), certainty];
}

const shortCommit = (text) => text.replace(/\b([0-9a-f]{7})[0-9a-f]{9,33}\b/g, "$1");
const spaced = (name) => name.replace(/([a-z])([A-Z])/g, (_, a, b) => `${a} ${b.toLowerCase()}`);

function say(text) {
  $("live").textContent = "";
  requestAnimationFrame(() => { $("live").textContent = text; });
}

function nodeSentence(node) {
  const above = closure(node, "up").size;
  const below = closure(node, "down").size;
  return `${node.label}, ${kinds[node.kind].name}, ${yearWords(node)}, `
    + `${plural(above, "ancestor")}, ${plural(below, "descendant")}`;
}

/* ---------- Making elements ---------- */

function make(tag, settings = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(settings)) {
    if (name === "on") element.addEventListener("click", value);
    else if (name === "text") element.textContent = value;
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const link = (url, text) =>
  (url ? make("a", { href: url, rel: "noopener noreferrer", target: "_blank", text })
    : make("span", { text }));

/** A small picture beside a word: a mark or a piece of line. */
function swatch(draw, width = 22, height = 16) {
  const canvas = make("canvas", { "aria-hidden": "true" });
  const ratio = Math.max(2, window.devicePixelRatio || 1);
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const ctx = canvas.getContext("2d");
  const paint = () => {
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, width, height);
    draw(ctx);
  };
  paint();
  swatches.push({ canvas, paint });
  return canvas;
}
let swatches = [];
function repaintSwatches() {
  swatches = swatches.filter(({ canvas }) => canvas.isConnected);
  swatches.forEach(({ paint }) => paint());
}

const markSwatch = (shape, fill) => swatch((ctx) => {
  ctx.fillStyle = colour[fill()] || fill();
  ctx.fill(new Path2D(shapePath(shape, 11, 8, 5.5)));
});
const lineSwatch = (stroke, dash, width = 2, length = 22) => swatch((ctx) => {
  ctx.strokeStyle = stroke();
  ctx.lineWidth = width;
  ctx.setLineDash(dash);
  ctx.beginPath();
  ctx.moveTo(1, 8);
  ctx.lineTo(length - 1, 8);
  ctx.stroke();
}, length);

/* ---------- Tip ---------- */

function nodeTip(node) {
  return [
    make("b", { text: node.label }),
    make("small", { text: [kinds[node.kind].name, yearWords(node), families[node.family].label].join(" · ") }),
    node.title ? make("small", { text: node.title }) : null,
  ];
}

function edgeTip(edge) {
  const relation = relations[edge.relation];
  return [
    make("b", { text: `${nodes[edge.from].label} — ${relation.words} → ${nodes[edge.to].label}` }),
    relation.meaning ? make("small", { text: relation.meaning }) : null,
    ...edge.evidence.slice(0, 3).map((evidence) =>
      make("small", { text: `Source: ${evidenceWords(evidence)}` })),
    edge.evidence.length ? null : make("small", { text: "No source is given." }),
  ];
}

function showTip(children, x, y) {
  const tip = $("tip");
  tip.replaceChildren(...children.filter(Boolean));
  tip.hidden = false;
  const plot = $("plot");
  const left = Math.min(plot.offsetLeft + x + 14, $("drawing").clientWidth - tip.offsetWidth - 6);
  const below = plot.offsetTop + y + 16;
  const top = below + tip.offsetHeight > $("drawing").clientHeight - 6
    ? plot.offsetTop + y - tip.offsetHeight - 12 : below;
  tip.style.transform = `translate(${Math.max(left, 6)}px, ${Math.max(top, 6)}px)`;
}

function hideTip() {
  $("tip").hidden = true;
}

/* ---------- Panel ---------- */

let focusBefore = null;

function select(node, { announce = false, focusPanel = false } = {}) {
  focusBefore = document.activeElement;
  cursor = null;
  hideTip();
  change({ node });
  if (announce) say(nodeSentence(node));
  if (focusPanel) $("panel").focus();
}

function closePanel() {
  const back = focusBefore && focusBefore.isConnected && !$("panel").contains(focusBefore)
    && focusBefore !== document.body ? focusBefore : frame();
  change({ node: null });
  back.focus();
}

function fillPanel(node) {
  const panel = $("panel");
  const facts = [kinds[node.kind].name, yearWords(node), families[node.family].label,
    node.venue === null ? "" : page.venues[node.venue]].filter(Boolean).join(" · ");
  panel.replaceChildren(
    make("header", {},
      make("h2", { text: node.label }),
      make("button", { type: "button", class: "close", "aria-label": "Close", text: "×", on: closePanel })),
    make("p", { class: "facts", text: facts }),
    ...panelFacts(node),
    panelLinks(node),
    panelLineage(node),
    ...panelRelations(node));
  panel.scrollTop = 0;
}

function panelFacts(node) {
  const stages = node.stages.map((stage) => page.stages[stage]).join(", ");
  return [
    node.title ? make("p", { class: "title", text: node.title }) : null,
    node.aliases.length ? make("p", { class: "facts", text: `Also: ${node.aliases.join(", ")}` }) : null,
    stages ? make("p", { class: "facts", text: `Stages: ${stages}` }) : null,
  ].filter(Boolean);
}

function panelLinks(node) {
  const bibtex = bibtexOf(node);
  return make("div", { class: "row" },
    node.url ? link(node.url, "Paper ↗") : null,
    ...node.code.map((url, i) => link(url, node.code.length > 1 ? `Code ${i + 1} ↗` : "Code ↗")),
    bibtex ? make("button", { type: "button", text: "Copy BibTeX", on: () => copy(bibtex, "BibTeX") }) : null,
    make("button", { type: "button", text: "Copy link", on: () => copy(permalink(node), "Link") }));
}

function permalink(node) {
  return `${location.href.split("#")[0]}#node=${encodeURIComponent(node.key).replace(/%2F/g, "/")}`;
}

function panelLineage() {
  const hidden = [...up, ...down].filter((i) => !visible[i]).length;
  return make("div", { class: "lineage" },
    make("span", {}, lineSwatch(() => colour.up, [], 2.4, 28),
      make("span", { class: "ancestors", text: plural(up.size, "ancestor") })),
    make("span", {}, lineSwatch(() => colour.down, DOWN_DASH, 2.4, 28),
      make("span", { class: "descendants", text: plural(down.size, "descendant") })),
    hidden ? make("span", { text: `${hidden} of them hidden by filters` }) : null,
    up.size + down.size ? make("button", {
      type: "button", class: "plain", "aria-pressed": String(state.only),
      text: state.only ? "Show everything again" : "Show only this lineage",
      on: () => change({ only: !state.only }),
    }) : null);
}

/** A section for each relation and direction that there is. */
function panelRelations(node) {
  const sections = [];
  relations.forEach((relation, i) => {
    for (const [list, end, title] of [
      ["out", "to", [make("span", { text: `${node.label} ${relation.words}` })]],
      ["in", "from", [make("span", { text: `${relation.words} ${node.label}` })]],
    ]) {
      const found = node[list].filter((edge) => edge.relation === i)
        .sort((a, b) => (nodes[b[end]].year || 0) - (nodes[a[end]].year || 0)
          || nodes[b[end]].weight - nodes[a[end]].weight || a.index - b.index);
      if (!found.length) continue;
      sections.push(make("section", { class: `relation-${list}`, "data-relation": relation.name },
        make("h3", {}, ...title, make("span", { class: "number", text: String(found.length) })),
        make("ul", {}, ...found.map((edge) => relationItem(edge, nodes[edge[end]])))));
    }
  });
  return sections.length ? sections : [make("p", { class: "title", text: "No relation is known yet." })];
}

function relationItem(edge, other) {
  const button = make("button", {
    type: "button", class: "other", text: other.label,
    on: () => select(other, { announce: true, focusPanel: true }),
  });
  const item = make("li", { class: "relation" },
    button,
    make("span", { class: "year", text: ` ${yearWords(other)}${visible[other.index] ? "" : ", hidden"}` }),
    ...edge.evidence.map(evidenceItem));
  const point = (on) => () => { hoveredEdge = on ? edge : null; network.redraw(); };
  item.addEventListener("pointerenter", point(true));
  item.addEventListener("pointerleave", point(false));
  button.addEventListener("focus", point(true));
  button.addEventListener("blur", point(false));
  return item;
}

const SIGNS = { verified: "✓", recalled: "○" };
function evidenceItem(evidence) {
  const [source, locator, reading, kind, assertedBy, certainty] = unpackEvidence(evidence);
  const rest = [kind, certainty, assertedBy ? `said by ${assertedBy}` : ""].filter(Boolean).join(", ");
  return make("p", { class: "evidence" },
    link(source.url, source.label || "source without a name"),
    locator ? `, ${locator}` : "",
    " · ",
    make("span", { class: reading === "verified" ? "verified" : "recalled", text: `${SIGNS[reading] || ""} ${reading}` }),
    rest ? ` · ${rest}` : "");
}

/* ---------- Legend and filters ---------- */

function checkRow(name, number, picture, onChange, hint) {
  const input = make("input", { type: "checkbox" });
  input.checked = true;
  input.addEventListener("change", () => onChange(input.checked));
  const label = make("label", { class: "check" }, input, picture,
    make("span", { class: "name", text: name }), make("span", { class: "count", text: String(number) }));
  if (hint) label.title = hint;
  return { label, input };
}

function toggled(set, i, on) {
  const next = new Set(set);
  if (on) next.delete(i);
  else next.add(i);
  return next;
}

const countBy = (list, key) => {
  const counts = new Map();
  for (const item of list) counts.set(item[key], (counts.get(item[key]) || 0) + 1);
  return counts;
};

const boxes = { kinds: new Map(), relations: new Map(), families: new Map() };

function buildLegend() {
  const add = (name, i, label, number, picture, hint) => {
    const row = checkRow(label, number, picture, (on) => change({ [name]: toggled(state[name], i, on) }), hint);
    boxes[name].set(i, row.input);
    $(name).append(row.label);
  };
  const ofKind = countBy(nodes, "kind");
  kinds.forEach((kind, i) => add("kinds", i, kind.name, ofKind.get(i) || 0,
    markSwatch(kind.shape, () => "soft")));
  const ofRelation = countBy(edges, "relation");
  relations.forEach((relation, i) => ofRelation.get(i) && add("relations", i, relation.words,
    ofRelation.get(i), lineSwatch(() => colour.soft, dashOfRelation(relation)), relation.meaning));
  if (crossing) addCrossingRow();
  const ofFamily = countBy(nodes, "family");
  families.forEach((family, i) => ofFamily.get(i) && add("families", i, family.label,
    ofFamily.get(i), markSwatch("square", () => `lane-${family.hue}`)));
  $("families").querySelector("legend").append(
    make("span", {},
      make("button", { type: "button", class: "plain", text: "all", "aria-label": "all families on",
        on: () => change({ families: new Set() }) }),
      make("button", { type: "button", class: "plain", text: "none", "aria-label": "none of the families",
        on: () => change({ families: new Set(ofFamily.keys()) }) })));
  for (const name of ["kinds", "relations", "families"]) {
    $(name).hidden = $(name).querySelectorAll("input").length === 0;
  }
  buildRanges();
}

function addCrossingRow() {
  const row = checkRow("between families", crossing, lineSwatch(() => colour.cross, [], 1),
    (on) => change({ crossing: on }), "Thin lines; those of a selected thing always show.");
  row.input.id = "crossing";
  $("relations").append(row.label);
}

function buildRanges() {
  const undated = nodes.filter((node) => node.year === null).length;
  $("years").hidden = firstYear === lastYear && !undated;
  for (const id of ["year-from", "year-to"]) {
    Object.assign($(id), { min: firstYear, max: lastYear });
    $(id).addEventListener("input", () => { $(`${id}-text`).textContent = $(id).value; });
  }
  $("year-from").addEventListener("change", () => {
    const from = Number($("year-from").value);
    change({ from, to: Math.max(from, state.to) });
  });
  $("year-to").addEventListener("change", () => {
    const to = Number($("year-to").value);
    change({ to, from: Math.min(to, state.from) });
  });
  $("undated-row").hidden = undated === 0;
  $("undated-count").textContent = undated;
  $("undated").addEventListener("change", () => change({ undated: $("undated").checked }));
  for (const [name, values] of [["stage", page.stages], ["venue", page.venues]]) {
    $(name).append(...[...values].sort().map((value) => make("option", { value, text: value })));
    $(`${name}-row`).hidden = values.length === 0;
    $(name).addEventListener("change", () => change({ [name]: $(name).value }));
  }
  $("picks").hidden = page.stages.length + page.venues.length === 0;
}

function showFilters() {
  for (const [name, inputs] of Object.entries(boxes)) {
    for (const [i, input] of inputs) input.checked = !state[name].has(i);
  }
  if ($("crossing")) $("crossing").checked = state.crossing;
  for (const [id, value] of [["year-from", state.from], ["year-to", state.to]]) {
    $(id).value = value;
    $(`${id}-text`).textContent = value;
  }
  $("undated").checked = state.undated;
  $("stage").value = state.stage;
  $("venue").value = state.venue;
  const number = visible.filter(Boolean).length;
  $("shown").textContent = `${number} of ${nodes.length} shown`;
  $("reset-button").hidden = !isFiltered();
  showEmpty(number);
}

function showEmpty(number) {
  $("empty").hidden = number > 0;
  if (number > 0) return;
  $("empty").replaceChildren(...(nodes.length
    ? [make("p", { text: "Nothing passes all filters." }),
      make("p", {}, make("button", { type: "button", text: "Show all", on: showAll }))]
    : [make("p", { text: "There is nothing in this view. The graph it was made from holds no such thing; try a wider selection." })]));
}

const showAll = () => change({ ...startState(), node: state.node, table: state.table });

/* ---------- Showing a state ---------- */

let lastVisible = null;
let lastEdges = null;

function show(before) {
  refreshLineage();
  tellNetwork();
  const changed = before !== state.node;
  $("panel").hidden = !state.node;
  if (state.node) fillPanel(state.node);
  else $("panel").replaceChildren();
  $("drawing").hidden = state.table;
  $("table").hidden = !state.table;
  $("table-button").setAttribute("aria-pressed", String(state.table));
  showFilters();
  showKey();
  if (state.table) fillTable();
  if (cursor && !visible[cursor.index]) cursor = null;
  hideTip();
  if (state.table) return;
  network.canvas.setSize();
  rankLabels();
  if (changed || state.only || fitted) fit();
  network.redraw();
}

/** Hidden is hidden for vis-network too. */
function tellNetwork() {
  const different = (now, before) =>
    now.flatMap((on, id) => (before && before[id] === on ? [] : [{ id, hidden: !on }]));
  const nodeChanges = different(visible, lastVisible || nodes.map(() => true));
  const edgeChanges = different(edgeVisible, lastEdges || edges.map(() => true));
  if (nodeChanges.length) things.update(nodeChanges);
  if (edgeChanges.length) lines.update(edgeChanges);
  lastVisible = [...visible];
  lastEdges = [...edgeVisible];
  takeOverEdges();
  // What is drawn last lies on top.
  const layer = (i) => (edges[i].direction ? 1 : 0);
  network.body.edgeIndices.sort((a, b) => layer(a) - layer(b) || a - b);
}

function showKey() {
  $("key").hidden = !state.node;
  if (!state.node) return;
  $("key").replaceChildren(
    make("span", {}, lineSwatch(() => colour.up, [], 2.4, 28), "ancestors"),
    make("span", {}, lineSwatch(() => colour.down, DOWN_DASH, 2.4, 28), "descendants"));
}

/* ---------- Search ---------- */

const plain = (text) =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/ß/g, "ss").replace(/ø/g, "o").replace(/ł/g, "l");
const squeezed = (text) => text.replace(/[\s\-_.]+/g, "");

let searchTexts = null;
function prepareSearch() {
  searchTexts = nodes.map((node) => {
    const names = [node.label, ...node.aliases].map(plain);
    return { names, tight: names.map(squeezed), title: plain(node.title), key: plain(node.key) };
  });
}

/** How well a node answers: lower is better, Infinity is not at all. */
function grade({ names, tight, title, key }, wanted, tightWanted) {
  if (names.includes(wanted) || key === wanted) return 0;
  if (names.some((name) => name.startsWith(wanted))) return 1;
  if (names.some((name) => name.includes(wanted))) return 2;
  if (tightWanted && tight.some((name) => name.includes(tightWanted))) return 3;
  if (title.includes(wanted)) return 4;
  return key.includes(wanted) || (page.base + key).includes(wanted) ? 5 : Infinity;
}

function search(text) {
  const wanted = plain(text.trim());
  if (!wanted) return [];
  if (!searchTexts) prepareSearch();
  const tightWanted = squeezed(wanted);
  return nodes
    .map((node) => [grade(searchTexts[node.index], wanted, tightWanted), node])
    .filter(([rank, node]) => rank < Infinity && visible[node.index])
    .sort(([a, x], [b, y]) => a - b || y.weight - x.weight || x.index - y.index)
    .slice(0, 12).map(([, node]) => node);
}

let hits = [];
let hit = -1;

function showHits() {
  hits = search($("search").value);
  hit = hits.length ? 0 : -1;
  const asked = $("search").value.trim() !== "";
  $("hits").replaceChildren(...hits.map((node, i) => {
    const item = make("li", { role: "option", id: `hit-${i}` }, node.label,
      make("small", { text: [yearWords(node), families[node.family].label, node.title].filter(Boolean).join(" · ") }));
    item.addEventListener("pointerdown", (event) => { event.preventDefault(); takeHit(i); });
    return item;
  }));
  if (asked && !hits.length) {
    $("hits").append(make("li", { role: "option", "aria-disabled": "true", text: "Nothing found among what is shown" }));
  }
  $("hits").hidden = !asked;
  $("search").setAttribute("aria-expanded", String(asked));
  if (asked) say(plural(hits.length, "hit"));
  markHit();
}

function markHit() {
  [...$("hits").children].forEach((item, i) => item.setAttribute("aria-selected", String(i === hit)));
  if (hit >= 0) {
    $("search").setAttribute("aria-activedescendant", `hit-${hit}`);
    $("hits").children[hit].scrollIntoView({ block: "nearest" });
  } else {
    $("search").removeAttribute("aria-activedescendant");
  }
}

function hideHits() {
  $("hits").hidden = true;
  $("search").setAttribute("aria-expanded", "false");
  $("search").removeAttribute("aria-activedescendant");
}

function takeHit(i) {
  const node = hits[i];
  if (!node) return;
  hideHits();
  $("search").value = "";
  select(node, { announce: true, focusPanel: true });
}

function onSearchKey(event) {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (!hits.length) return;
    event.preventDefault();
    hit = (hit + (event.key === "ArrowDown" ? 1 : hits.length - 1)) % hits.length;
    markHit();
  } else if (event.key === "Enter") {
    takeHit(hit);
  } else if (event.key === "Escape") {
    event.stopPropagation();
    if ($("search").value) {
      $("search").value = "";
      showHits();
    } else {
      frame().focus();
    }
  }
}

/* ---------- Table ---------- */

const COLUMNS = [
  ["Name", (node) => plain(node.label)],
  ["Type", (node) => kinds[node.kind].name],
  ["Year", (node) => node.year || 0],
  ["Family", (node) => node.family],
  ["Venue", (node) => (node.venue === null ? "" : page.venues[node.venue])],
  ["Relations", (node) => -node.out.length],
  ["Descendants", (node) => -node.weight],
  ["Links", null],
];
let order = { column: 2, turn: 1 };

function fillTable() {
  const key = COLUMNS[order.column][1];
  const list = shownNodes().sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    return (x < y ? -1 : x > y ? 1 : 0) * order.turn || a.index - b.index;
  });
  $("table").replaceChildren(make("table", {},
    make("caption", { text: `${list.length} of ${nodes.length} shown; the filters apply here too` }),
    make("thead", {}, make("tr", {}, ...COLUMNS.map(tableHead))),
    make("tbody", {}, ...list.map(tableRow))));
}

function tableHead([name, key], i) {
  if (!key) return make("th", { scope: "col", text: name });
  const sorted = order.column === i ? (order.turn > 0 ? "ascending" : "descending") : "none";
  const sign = { ascending: " ▲", descending: " ▼", none: "" }[sorted];
  return make("th", { scope: "col", "aria-sort": sorted },
    make("button", { type: "button", text: name + sign, on: () => sortBy(i) }));
}

function sortBy(i) {
  order = { column: i, turn: order.column === i ? -order.turn : 1 };
  fillTable();
  $("table").querySelectorAll("th button")[i].focus();
}

function tableRow(node) {
  const said = node.out
    .filter((edge) => !state.relations.has(edge.relation))
    .map((edge) => `${relations[edge.relation].words} ${nodes[edge.to].label}`).join("; ");
  const links = [node.url ? link(node.url, "Paper") : null, ...node.code.map((url) => link(url, "Code"))]
    .filter(Boolean).flatMap((item, i) => (i ? [" ", item] : [item]));
  const name = make("button", { type: "button", text: node.label,
    on: () => select(node, { announce: true, focusPanel: true }) });
  const cells = [kinds[node.kind].name, node.year === null ? "" : node.year,
    families[node.family].label, node.venue === null ? "" : page.venues[node.venue], said, node.weight];
  return make("tr", {}, make("td", {}, name),
    ...cells.map((text) => make("td", { text })), make("td", {}, ...links));
}

/* ---------- Pictures ---------- */

const MARGIN = { left: 190, top: 84, right: 180, bottom: 40 };
const SPREAD = 1.8; // the scale at which all labels have room

/** The picture as a list of paths and texts, with its size. */
function scene() {
  const list = shownNodes();
  const box = bounds(list.length ? list : [{ x: 0, y: 0 }]);
  const inner = { width: (box.right - box.left) * SPREAD + 60, height: (box.bottom - box.top) * SPREAD + 60 };
  const at = (x, y) => [
    MARGIN.left + 30 + (x - box.left) * SPREAD, MARGIN.top + 30 + (y - box.top) * SPREAD];
  const [x, y] = at(0, 0);
  const width = Math.ceil(Math.max(inner.width + MARGIN.left + MARGIN.right, 640));
  const height = Math.ceil(Math.max(inner.height + MARGIN.top + MARGIN.bottom, 240));
  const items = [
    { path: `M0 0H${width}V${height}H0Z`, fill: colour.paper },
    { text: page.title, x: 20, y: 28, size: 18, weight: 600, fill: colour.ink },
    { text: sceneCaption(list), x: 20, y: 48, size: 12, fill: colour.soft },
    ...sceneLanes(list, at, width),
    ...sceneYears(list, at, MARGIN.top + inner.height),
    { open: { x, y } },
    ...edges.filter((edge) => edgeVisible[edge.index]).map(sceneEdge),
    ...list.map((node) => ({
      path: shapePath(node.shape, node.x, node.y, node.size / 1.4), ...nodeStyle(node), width: 1, node,
    })),
    { close: true },
    ...list.map((node) => sceneLabel(node, at)),
  ];
  return { width, height, items };
}

function sceneEdge(edge) {
  const { stroke, width, dash } = edgeStyle(edge);
  return { path: edgePath(edge), stroke, width: width / SPREAD, dash: dash.map((length) => length / SPREAD) };
}

function sceneLabel(node, at) {
  const [x, y] = at(node.x, node.y);
  const weight = node === state.node ? 600 : 400;
  return { text: node.text, x: x + node.size + 3, y: y - 4, size: 12, fill: colour.ink, halo: true, weight };
}

function sceneCaption(list) {
  const key = relations.filter((_, i) => !state.relations.has(i) && edges.some((edge) => edge.relation === i))
    .map((relation) => `${relation.words}: ${DASH_WORDS[relation.rank % DASH_WORDS.length]}`);
  const chosen = state.node
    ? [`lineage of ${state.node.label}: ancestors solid, descendants dashed`] : key;
  return [`${list.length} of ${nodes.length} shown`, ...chosen].join(" · ");
}

function sceneLanes(list, at, width) {
  const used = new Set(list.map((node) => node.family));
  return page.lanes.filter(([family]) => used.has(family)).flatMap(([family, top, bottom], i) => {
    const [above, below] = [at(0, top)[1], at(0, bottom)[1]];
    return [
      { path: `M0 ${above}H${width}V${below}H0Z`, fill: i % 2 ? colour.paper : colour.band },
      { text: families[family].label, x: 20, y: (above + below) / 2 + 4, size: 12, fill: colour.ink },
    ];
  });
}

function sceneYears(list, at, bottom) {
  const used = new Set(list.map((node) => node.year));
  return page.years.filter(([year]) => used.has(year)).flatMap(([year, left]) => {
    const x = at(left, 0)[0];
    return [
      { path: `M${x} ${MARGIN.top - 16}V${bottom}`, stroke: colour.grid, width: 1 },
      { text: yearCaption(year, false), x: x + 5, y: MARGIN.top - 6, size: 13, weight: 600, fill: colour.ink },
    ];
  });
}

function paintScene({ width, height, items }, ctx, factor) {
  ctx.scale(factor, factor);
  ctx.lineJoin = "round";
  for (const item of items) {
    if (item.open) {
      ctx.save();
      ctx.translate(item.open.x, item.open.y);
      ctx.scale(SPREAD, SPREAD);
    } else if (item.close) {
      ctx.restore();
    } else if (item.path) {
      paintPath(ctx, item);
    } else {
      paintText(ctx, item);
    }
  }
  return { width, height };
}

function paintPath(ctx, { path, fill, stroke, width, dash }) {
  const drawn = new Path2D(path);
  if (fill) {
    ctx.fillStyle = fill;
    ctx.fill(drawn);
  }
  if (!stroke) return;
  ctx.strokeStyle = stroke;
  ctx.lineWidth = width;
  ctx.setLineDash(dash || []);
  ctx.stroke(drawn);
  ctx.setLineDash([]);
}

function paintText(ctx, { text, x, y, size, weight = 400, fill, halo }) {
  ctx.font = `${weight} ${size}px ${colour.font}`;
  if (halo) {
    ctx.lineWidth = 4;
    ctx.strokeStyle = colour.paper;
    ctx.strokeText(text, x, y);
  }
  ctx.fillStyle = fill;
  ctx.fillText(text, x, y);
}

const NOT_IN_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
const xml = (text) => String(text).replace(NOT_IN_XML, "\uFFFD").replace(/[<>&"']/g, (c) => `&#${c.charCodeAt(0)};`);

function svgText() {
  const { width, height, items } = scene();
  const parts = items.map((item) => {
    if (item.open) return `<g transform="translate(${item.open.x} ${item.open.y}) scale(${SPREAD})">`;
    if (item.close) return "</g>";
    return item.path ? svgPath(item) : svgWords(item);
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${xml(colour.font)}">\n`
    + `<title>${xml(page.title)}</title>\n${parts.join("\n")}\n</svg>\n`;
}

function svgPath({ path, fill, stroke, width, dash, node }) {
  const line = stroke ? ` stroke="${stroke}" stroke-width="${width}"` : "";
  const dashes = dash && dash.length ? ` stroke-dasharray="${dash.join(" ")}"` : "";
  const start = `<path d="${path}" fill="${fill || "none"}"${line}${dashes}`;
  return node ? `${start} class="node" data-id="${xml(node.key)}"><title>${xml(node.label)}</title></path>` : `${start}/>`;
}

function svgWords({ text, x, y, size, weight = 400, fill, halo }) {
  const ring = halo ? ` stroke="${colour.paper}" stroke-width="4" stroke-linejoin="round" paint-order="stroke"` : "";
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${fill}"${ring}>${xml(text)}</text>`;
}

/** At least twice the window's size, within what browsers can hold. */
function pngCanvas() {
  const picture = scene();
  const wanted = Math.max(2, 2 * innerWidth / picture.width, 2 * innerHeight / picture.height);
  const most = Math.min(16000 / picture.width, 16000 / picture.height,
    Math.sqrt(1.2e8 / (picture.width * picture.height)));
  const factor = Math.min(wanted, most);
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(picture.width * factor);
  canvas.height = Math.ceil(picture.height * factor);
  paintScene(picture, canvas.getContext("2d"), factor);
  return canvas;
}

function save(blob, ending) {
  const url = URL.createObjectURL(blob);
  const name = `${plain(page.title).replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "view"}.${ending}`;
  make("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
  say(`Saved as ${name}`);
}

/* ---------- Clipboard and dialogues ---------- */

async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    say(`${what} copied`);
    flash(`${what} copied`);
  } catch {
    if (copyBySelection(text)) flash(`${what} copied`);
    else showCopy(text, what);
  }
}

function copyBySelection(text) {
  const area = make("textarea", { class: "unseen" });
  const before = document.activeElement;
  area.value = text;
  document.body.append(area);
  area.select();
  let done = false;
  try {
    done = document.execCommand("copy");
  } catch {
    done = false;
  }
  area.remove();
  if (before) before.focus();
  return done;
}

function showCopy(text, what) {
  const area = make("textarea", { readonly: "", "aria-label": what });
  area.value = text;
  $("copy").replaceChildren(make("h2", { id: "copy-title", text: `Copy: ${what}` }),
    make("p", { text: "The browser does not let this page copy. The text is selected; copy it by hand." }),
    area, make("button", { type: "button", text: "Close", on: () => $("copy").close() }));
  $("copy").showModal();
  area.select();
}

let flashing = 0;
function flash(text) {
  const button = document.activeElement;
  if (!button || button.tagName !== "BUTTON" || button.dataset.was) return;
  button.dataset.was = button.textContent;
  button.textContent = text;
  clearTimeout(flashing);
  flashing = setTimeout(() => {
    button.textContent = button.dataset.was;
    delete button.dataset.was;
  }, 1400);
  say(text);
}

const KEYS = [
  ["/", "search; ↑ ↓ choose, Enter takes"],
  ["↑ ↓ ← →", "in the drawing: to the nearest thing"],
  ["Enter", "open it, light its ancestors and descendants"],
  ["e, Shift+e", "step through its relations"],
  ["Esc", "close what is open"],
  ["+ − 0", "zoom in, zoom out, fit"],
  ["?", "this help"],
];

function showHelp() {
  $("help").replaceChildren(
    make("h2", { id: "help-title", text: "How to read and use this page" }),
    make("p", { text: "Time runs from left to right; each band is a family. A line leads from an older technique to the newer one that builds on it; the larger a mark, the more descends from it. What has no year stands at the left, in the hatched band." }),
    make("dl", {}, ...KEYS.flatMap(([keys, what]) => [make("dt", {}, make("kbd", { text: keys })), make("dd", { text: what })])),
    make("button", { type: "button", text: "Close", on: () => $("help").close() }));
  $("help").showModal();
}

/* ---------- Keys ---------- */

/** The closest visible node in a direction; sideways distance weighs double. */
function nearest(from, dx, dy) {
  let best = null;
  let least = Infinity;
  for (const node of nodes) {
    if (!visible[node.index] || node === from) continue;
    const [x, y] = [node.x - from.x, node.y - from.y];
    const along = x * dx + y * dy;
    const aside = Math.abs(x * dy) + Math.abs(y * dx);
    if (along <= 0.5) continue;
    const distance = along + 2 * aside * (dx ? 3 : 0.35);
    if (distance < least) [best, least] = [node, distance];
  }
  return best;
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function moveCursor([dx, dy]) {
  const from = cursor || state.node;
  const centre = network.getViewPosition();
  const closest = () => shownNodes().reduce((best, node) => {
    const distance = Math.hypot(node.x - centre.x, node.y - centre.y);
    return best && best[1] <= distance ? best : [node, distance];
  }, null)?.[0];
  const next = from && visible[from.index] ? nearest(from, dx, dy) : closest();
  if (!next) return;
  putCursor(next);
}

function putCursor(node) {
  cursor = node;
  hoveredEdge = null;
  const spot = toScreen(node.x, node.y);
  const [width, height] = [$("plot").clientWidth, $("plot").clientHeight];
  if (spot.x < 30 || spot.y < 30 || spot.x > width - 120 || spot.y > height - 40) {
    fitted = false;
    moveTo({ scale: scaleNow(), position: { x: node.x, y: node.y } }, true);
  }
  const now = toScreen(node.x, node.y);
  showTip(nodeTip(node), now.x, now.y);
  say(nodeSentence(node));
  network.redraw();
}

function stepEdges(turn) {
  const node = cursor || state.node;
  if (!node) return;
  const list = [...node.out, ...node.in].filter((edge) => edgeVisible[edge.index]);
  if (!list.length) {
    say(`${node.label} has no relation in view`);
    return;
  }
  const at = list.indexOf(hoveredEdge);
  hoveredEdge = list[at < 0 ? (turn > 0 ? 0 : list.length - 1) : (at + turn + list.length) % list.length];
  const other = nodes[hoveredEdge.from === node.index ? hoveredEdge.to : hoveredEdge.from];
  const spot = toScreen((node.x + other.x) / 2, (node.y + other.y) / 2);
  const inside = (value, most) => Math.min(Math.max(value, 20), most - 40);
  showTip(edgeTip(hoveredEdge), inside(spot.x, $("plot").clientWidth), inside(spot.y, $("plot").clientHeight));
  say(edgeSentence(hoveredEdge));
  network.redraw();
}

function escape() {
  if (!$("export").hidden) return closeMenu(true);
  if ($("filters").classList.contains("open")) return toggleFilters(false);
  if (!$("tip").hidden && (cursor || hoveredEdge)) {
    cursor = null;
    hoveredEdge = null;
    hideTip();
    return network.redraw();
  }
  if (state.node) closePanel();
  return undefined;
}

const SHORTCUTS = {
  "/": () => { $("search").focus(); $("search").select(); },
  "?": showHelp,
  "+": () => zoomBy(1.4),
  "=": () => zoomBy(1.4),
  "-": () => zoomBy(1 / 1.4),
  "−": () => zoomBy(1 / 1.4),
  0: () => fit(),
  Escape: escape,
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const typing = event.target.closest("input:not([type=checkbox]):not([type=range]), textarea, select");
  if (typing && event.key !== "Escape") return;
  const inPlot = $("plot").contains(event.target);
  if (inPlot && onPlotKey(event)) {
    event.preventDefault();
  } else if (SHORTCUTS[event.key]) {
    event.preventDefault();
    SHORTCUTS[event.key]();
  }
}

function onPlotKey(event) {
  if (ARROWS[event.key]) moveCursor(ARROWS[event.key]);
  else if (event.key === "Enter" && cursor) select(cursor, { announce: true });
  else if (event.key.toLowerCase() === "e") stepEdges(event.shiftKey ? -1 : 1);
  else return false;
  return true;
}

/* ---------- Buttons, theme, start ---------- */

const THEMES = ["auto", "light", "dark"];
const dark = matchMedia("(prefers-color-scheme: dark)");

function storedTheme() {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem("theme")) || null;
  } catch {
    return null;
  }
}

let theme = root.dataset.theme === "auto" ? storedTheme() || "auto" : root.dataset.theme;

function showTheme() {
  root.dataset.shade = theme === "auto" ? (dark.matches ? "dark" : "light") : theme;
  $("theme-button").textContent = { auto: "◐ Auto", light: "○ Light", dark: "● Dark" }[theme];
  $("theme-button").setAttribute("aria-label", `Colours: ${theme}`);
  readColours();
  repaintSwatches();
  if (network) network.redraw();
}

function nextTheme() {
  theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // A page opened from a file may have no storage; the choice then lasts as long as the page.
  }
  showTheme();
}

function closeMenu(refocus) {
  $("export").hidden = true;
  $("export-button").setAttribute("aria-expanded", "false");
  if (refocus) $("export-button").focus();
}

function toggleFilters(open) {
  $("filters").classList.toggle("open", open);
  $("filters-button").setAttribute("aria-expanded", String(open));
  if (!open) $("filters-button").focus();
}

function wireButtons() {
  const click = (id, action) => $(id).addEventListener("click", action);
  click("filters-button", () => toggleFilters(!$("filters").classList.contains("open")));
  click("table-button", () => change({ table: !state.table }));
  click("theme-button", nextTheme);
  click("help-button", showHelp);
  click("reset-button", showAll);
  click("in-button", () => zoomBy(1.4));
  click("out-button", () => zoomBy(1 / 1.4));
  click("fit-button", () => fit());
  click("export-button", () => {
    $("export").hidden = !$("export").hidden;
    $("export-button").setAttribute("aria-expanded", String(!$("export").hidden));
  });
  click("png-button", () => { closeMenu(true); pngCanvas().toBlob((blob) => save(blob, "png"), "image/png"); });
  click("svg-button", () => { closeMenu(true); save(new Blob([svgText()], { type: "image/svg+xml" }), "svg"); });
  click("link-button", () => { closeMenu(true); copy(location.href, "Link"); });
}

function wirePage() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("pointerdown", (event) => {
    if (!$("export").hidden && !event.target.closest(".menu")) closeMenu(false);
  });
  $("search").addEventListener("input", showHits);
  $("search").addEventListener("keydown", onSearchKey);
  $("search").addEventListener("focus", () => $("search").value && showHits());
  $("search").addEventListener("blur", hideHits);
  dark.addEventListener("change", showTheme);
  window.addEventListener("beforeprint", fillTable);
  const plot = $("plot");
  plot.addEventListener("pointermove", onMove);
  plot.addEventListener("pointerleave", onLeave);
  plot.addEventListener("pointerdown", (event) => { pressed = pointerSpot(event); });
  plot.addEventListener("pointerup", onClick);
  Object.entries({ role: "application", "aria-label": "Drawing: arrow keys move from thing to thing, Enter opens, e steps through relations", tabindex: "0" })
    .forEach(([name, value]) => frame().setAttribute(name, value));
}

/** What tests and the console may ask; it changes nothing but the view. */
window.view = {
  nodes, edges,
  get network() { return network; },
  get state() { return state; },
  shown: () => shownNodes().map((node) => node.key),
  lineage: () => ({ up: [...up].map((i) => nodes[i].key), down: [...down].map((i) => nodes[i].key) }),
  labels: () => nodes.filter((node) => labelShows(node, scaleNow()))
    .map((node) => ({ key: node.key, ...labelBox(node, scaleNow()) })),
  spot: (key) => toScreen(nodeOfKey.get(key).x, nodeOfKey.get(key).y),
  edgeSpot: (i) => {
    const pieces = edgePieces(edges[i]);
    const [a, b] = pieces.length === 4 ? [pieces[0], pieces[1]] : [pieces[12], pieces[12]];
    return toScreen((a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
  },
  edgeStyle: (i) => edgeStyle(edges[i]),
  radius: (key) => radiusAt(nodeOfKey.get(key), scaleNow()),
  search: (text) => search(text).map((node) => node.key),
  svg: svgText, png: pngCanvas, fit, zoomBy, captions: () => yearCaptions.filter((span) => !span.hidden).map((span) => span.textContent),
};

showTheme();
measureLabels();
state = fromHash(location.hash.slice(1));
startNetwork();
buildLegend();
wireButtons();
wirePage();
fitted = false;
show(state.node);
if (state.table) markFirstFrame();
else openView();
})();
