"use strict";
// Draws the report from the data in the page. Words are only ever set as text, never as markup.
(() => {
  const page = document.documentElement;
  let errors = 0;
  window.addEventListener("error", () => { page.dataset.errors = String(++errors); });
  const data = JSON.parse(document.getElementById("data").textContent);
  const by = (id) => document.getElementById(id);
  const percent = (rate) => (100 * rate).toFixed(1) + " %";
  const hundredths = (rate) => (100 * rate).toFixed(2);
  const grouped = (number) => number.toLocaleString("en-US");

  function add(parent, name, text, attributes) {
    const element = document.createElement(name);
    if (text !== undefined && text !== null) element.textContent = text;
    for (const key in attributes || {}) element.setAttribute(key, attributes[key]);
    parent.append(element);
    return element;
  }
  function draw(parent, name, attributes, text) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const key in attributes || {}) element.setAttribute(key, attributes[key]);
    if (text !== undefined) element.textContent = text;
    parent.append(element);
    return element;
  }
  // Columns whose title begins with "<" hold text.
  function table(parent, titles, rows, caption) {
    const made = add(parent, "table");
    if (caption) add(made, "caption", caption, { class: "note" });
    const kinds = titles.map((title) => title.startsWith("<"));
    const head = add(add(made, "thead"), "tr");
    titles.forEach((title, i) => add(head, "th", title.replace(/^</, ""), { scope: "col", class: kinds[i] ? "left" : "" }));
    const body = add(made, "tbody");
    for (const row of rows) {
      const line = add(body, "tr");
      row.forEach((cell, i) => add(line, "td", cell, { class: kinds[i] ? "left" : "" }));
    }
    return made;
  }
  // Its columns can be sorted: the titles become buttons. Numbers go by value, largest first.
  function sortable(made) {
    const value = (line, i) => line.cells[i].textContent;
    const number = (text) => (/\d/.test(text) ? Number(text.replace(/,/g, "")) : NaN);
    const titles = [...made.tHead.rows[0].cells];
    titles.forEach((title, i) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...title.childNodes);
      title.append(button);
      button.addEventListener("click", () => {
        const before = title.getAttribute("aria-sort");
        const text = title.classList.contains("left");
        const up = before === null ? text : before === "descending";
        for (const other of titles) other.removeAttribute("aria-sort");
        title.setAttribute("aria-sort", up ? "ascending" : "descending");
        const order = (a, b) => {
          const [x, y] = [number(a), number(b)];
          return text || isNaN(x) || isNaN(y) ? a.localeCompare(b) : x - y;
        };
        const body = made.tBodies[0];
        body.append(...[...body.rows].sort((a, b) => (up ? 1 : -1) * order(value(a, i), value(b, i))));
      });
    });
    return made;
  }
  function picture(id, width, height, label) {
    return draw(by(id), "svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  }

  // What is wider than the page can be scrolled with the keyboard, too.
  function reach() {
    for (const part of document.querySelectorAll(".scroll")) {
      const wide = part.scrollWidth > part.clientWidth;
      const named = { tabindex: "0", role: "region", "aria-label": part.closest("section").querySelector("h2").textContent };
      for (const key in named) wide ? part.setAttribute(key, named[key]) : part.removeAttribute(key);
    }
  }

  const scores = data.eval.retrieval;
  const csls = scores.csls;
  by("title").textContent = data.title;
  document.title = data.title;
  by("subtitle").textContent = data.subtitle;
  for (const heading of document.querySelectorAll("main h2")) {
    add(by("sections"), "a", heading.textContent, { href: "#" + heading.id });
    by("sections").append(" ");  // where a line may end
  }

  const card = (label, value, detail) => {
    const box = add(by("cards"), "div", null, { class: "card" });
    add(box, "span", label, { class: "label" });
    add(box, "b", value);
    add(box, "small", detail);
  };
  card("P@1, CSLS", percent(csls["p@1"].covered), `${percent(csls["p@1"].ci95[0])} to ${percent(csls["p@1"].ci95[1])}`);
  card("P@1, nearest neighbour", percent(scores.nn["p@1"].covered), `${percent(scores.nn["p@1"].ci95[0])} to ${percent(scores.nn["p@1"].ci95[1])}`);
  if (csls["p@1"].unseen != null) card("P@1 of unseen queries", percent(csls["p@1"].unseen), "not trained on");
  card("P@10, CSLS", percent(csls["p@10"].covered), "covered queries");
  card("Coverage", percent(data.eval.queries.coverage), `${grouped(data.eval.queries.covered)} of ${grouped(data.eval.queries.total)} queries`);
  if (data.eval.queries.unseen !== undefined) card("Unseen queries", grouped(data.eval.queries.unseen), `of ${grouped(data.eval.queries.covered)} covered; the mapping was trained on the others`);
  card("Vocabulary", grouped(data.eval.vocabulary.target), `targets, ${grouped(data.eval.vocabulary.source)} sources`);

  const metrics = Object.keys(csls), ways = Object.keys(scores);
  const titles = ["<%"];
  for (const way of ways) titles.push(`${way} covered`, "95% interval", "all", "unseen");
  table(by("scores"), titles, metrics.map((metric) => {
    const row = [metric.toUpperCase()];
    for (const way of ways) {
      const score = scores[way][metric];
      row.push(hundredths(score.covered), `${hundredths(score.ci95[0])}\u2013${hundredths(score.ci95[1])}`, hundredths(score.all), score.unseen == null ? "\u2013" : hundredths(score.unseen));
    }
    return row;
  }));

  function histogram() {
    const { edges, right, wrong } = data.histogram;
    const width = 720, height = 240, left = 45, bottom = 30, top = 22;
    const svg = picture("histogram", width, height, `Histogram of CSLS scores: right translations lie around ${data.histogram.right_mean.toFixed(2)}, wrong ones around ${data.histogram.wrong_mean.toFixed(2)}.`);
    const most = Math.max(1, ...right, ...wrong), bins = right.length;
    const x = (i) => left + (i * (width - left - 10)) / bins;
    const y = (count) => height - bottom - (count * (height - bottom - top)) / most;
    const half = (x(1) - x(0)) / 2;
    for (let i = 0; i < bins; ++i)
      for (const [kind, counts, shift] of [["right", right, 0], ["wrong", wrong, half]]) {
        const bar = draw(svg, "rect", { class: "bar-" + kind, x: x(i) + shift + 1, y: y(counts[i]), width: Math.max(half - 1, 1), height: height - bottom - y(counts[i]) });
        draw(bar, "title", {}, `${counts[i]} ${kind}, ${edges[i].toFixed(2)} to ${edges[i + 1].toFixed(2)}`);
      }
    draw(svg, "line", { class: "axis", x1: left, x2: width - 10, y1: height - bottom, y2: height - bottom });
    for (let i = 0; i <= bins; i += 4) draw(svg, "text", { class: "quiet", x: x(i), y: height - 10, "text-anchor": i === bins ? "end" : "middle" }, edges[i].toFixed(2));
    draw(svg, "text", { class: "quiet", x: left - 6, y: y(most) + 4, "text-anchor": "end" }, most);
    draw(svg, "text", { class: "quiet", x: left - 6, y: y(0) + 4, "text-anchor": "end" }, 0);
    draw(svg, "rect", { class: "bar-right", x: left + 6, y: 4, width: 10, height: 10 });
    draw(svg, "text", { x: left + 22, y: 14 }, "right");
    draw(svg, "rect", { class: "bar-wrong", x: left + 76, y: 4, width: 10, height: 10 });
    draw(svg, "text", { x: left + 92, y: 14 }, "wrong");
    const numbers = add(by("histogram"), "details");
    add(numbers, "summary", "The same in numbers");
    table(numbers, ["<Score from", "<to", "Right", "Wrong"], right.map((count, i) => [edges[i].toFixed(3), edges[i + 1].toFixed(3), count, wrong[i]]));
  }
  histogram();

  function frequency() {
    const groups = data.eval.breakdown.frequency;
    const width = 720, row = 26, left = 150, height = groups.length * row + 30;
    const svg = picture("frequency", width, height, "P@1 with CSLS by frequency rank of the source word: " + groups.map((g) => `${g.name} ${percent(g.retrieval.csls["p@1"])}`).join(", "));
    const x = (rate) => left + rate * (width - left - 150);
    groups.forEach((group, i) => {
      const rate = group.retrieval.csls["p@1"], y = i * row + 4;
      draw(svg, "text", { x: left - 8, y: y + 14, "text-anchor": "end" }, "rank " + group.name);
      draw(svg, "rect", { class: "bar", x: left, y, width: x(rate) - left, height: row - 8 });
      draw(svg, "text", { x: x(rate) + 6, y: y + 14 }, `${percent(rate)} of ${grouped(group.queries)}`);
    });
    draw(svg, "text", { class: "quiet", x: left, y: height - 8 }, "P@1, CSLS, by rank of the source word in its file");
    const rows = [];
    for (const name in data.eval.breakdown)
      for (const group of data.eval.breakdown[name])
        rows.push([name, group.name, grouped(group.queries), hundredths(group.retrieval.nn["p@1"]), hundredths(group.retrieval.csls["p@1"]), hundredths(group.retrieval.csls.mrr)]);
    sortable(table(by("breakdown"), ["<Breakdown", "<Group", "Queries", "nn P@1", "csls P@1", "csls MRR"], rows));
  }
  frequency();

  function map() {
    const width = 720, height = 520, edge = 40;
    const { source, target } = data.points;
    if (!source.length) return;
    const svg = picture("picture", width, height, `${source.length} pairs of words in the plane of the two principal components`);
    const all = source.concat(target);
    const range = (at) => [Math.min(...all.map((p) => p[at])), Math.max(...all.map((p) => p[at]))];
    const [x0, x1] = range(1), [y0, y1] = range(2);
    const x = (p) => edge + ((p[1] - x0) / (x1 - x0 || 1)) * (width - 2 * edge);
    const y = (p) => height - edge - ((p[2] - y0) / (y1 - y0 || 1)) * (height - 2 * edge);
    source.forEach((p, i) => draw(svg, "line", { class: "link", x1: x(p), y1: y(p), x2: x(target[i]), y2: y(target[i]) }));
    for (const [kind, points] of [["source", source], ["target", target]])
      points.forEach((p, i) => {
        const dot = draw(svg, "circle", { class: "dot-" + kind, cx: x(p), cy: y(p), r: 3 });
        draw(dot, "title", {}, `${source[i][0]} \u2013 ${target[i][0]}`);
      });
    // A pair is named where both words can be read: inside of the picture, over no other name.
    const taken = [];
    const box = (p) => ({ x: x(p) + 5, y: y(p) - 8, right: x(p) + 9 + 7 * [...p[0]].length, bottom: y(p) + 6 });
    const free = (b) => b.right < width && taken.every((t) => b.x > t.right || b.right < t.x || b.y > t.bottom || b.bottom < t.y);
    source.forEach((p, i) => {
      const boxes = [box(p), box(target[i])];
      if (!free(boxes[0])) return;
      taken.push(boxes[0]);
      if (!free(boxes[1])) return taken.pop();
      taken.push(boxes[1]);
      for (const [kind, q] of [["source", p], ["target", target[i]]])
        draw(svg, "text", { class: "dot-" + kind, x: x(q) + 5, y: y(q) + 4 }, q[0]);
    });
    draw(svg, "text", { class: "dot-source", x: edge, y: 16 }, "\u25cf source");
    draw(svg, "text", { class: "dot-target", x: edge + 80, y: 16 }, "\u25cf target");
  }
  map();

  const hubs = data.eval.hubs.csls;
  by("hubs-note").textContent = `${grouped(hubs.hubs)} targets are among the 10 best (CSLS) of more than ${Math.floor(hubs.threshold)} source words. They are ${grouped(hubs.victims)} of ${grouped(hubs.wrong)} wrong answers.`;
  if (data.hubs.length) sortable(table(by("hubs"), ["<Target word", "In lists of", "<Given wrongly for"], data.hubs.map(([word, count, victims]) => [word, grouped(count), victims.join(", ")])));

  // Queries: the worst are those whose translation is found last, the best have the largest lead.
  const kPage = 40;
  const lead = (query) => query.c.length > 1 ? query.c[0][1] - query.c[1][1] : 0;
  const views = {
    Worst: data.queries.filter((q) => q.r > 1).sort((a, b) => b.r - a.r),
    "Just missed": data.queries.filter((q) => q.r > 1).sort((a, b) => a.r - b.r || lead(a) - lead(b)),
    Best: data.queries.filter((q) => q.r === 1).sort((a, b) => lead(b) - lead(a)),
    All: data.queries,
  };
  let view = "Worst", shown = 0;
  function more() {
    const list = views[view];
    for (const query of list.slice(shown, shown + kPage)) {
      const item = add(by("queries"), "details");
      const line = add(item, "summary");
      add(line, "strong", query.w);
      add(line, "span", ` \u2192 ${query.c.length ? query.c[0][0] : "\u2013"} `, { class: query.r === 1 ? "right" : "wrong" });
      add(line, "span", query.r === 1 ? "right" : `right at rank ${grouped(query.r)}`, { class: "note" });
      add(item, "p", "Dictionary: " + query.g.join(", "));
      table(item, ["<Candidate", "CSLS", "<In the dictionary"], query.c.map(([word, score, gold]) => [word, score.toFixed(4), gold ? "yes" : ""]));
    }
    shown = Math.min(shown + kPage, list.length);
    by("query-count").textContent = `${grouped(shown)} of ${grouped(list.length)} shown`;
    by("more").hidden = shown >= list.length;
  }
  function choose(name) {
    view = name;
    shown = 0;
    by("queries").replaceChildren();
    for (const button of by("query-choice").children) button.setAttribute("aria-pressed", String(button.textContent === name));
    more();
  }
  for (const name in views) add(by("query-choice"), "button", name, { type: "button" }).addEventListener("click", () => choose(name));
  by("more").addEventListener("click", more);
  choose(views.Worst.length ? "Worst" : "Best");

  // The search: exact words first, then beginnings, then parts.
  const kResults = 100;
  // An accent may be part of its letter or a character of its own.
  const fold = (text) => text.toLowerCase().normalize("NFC");
  const keys = data.lexicon.map(([source, target]) => [fold(source), fold(target)]);
  function search(text) {
    const wanted = fold(text.trim());
    by("results").replaceChildren();
    by("search-section").classList.toggle("idle", !wanted);
    if (!wanted) {
      by("search-count").textContent = `${grouped(data.lexicon.length)} words in the lexicon`;
      return;
    }
    const levels = [[], [], []];
    keys.forEach((pair, i) => {
      const best = Math.min(...pair.map((word) => word === wanted ? 0 : word.startsWith(wanted) ? 1 : word.includes(wanted) ? 2 : 3));
      if (best < 3) levels[best].push(i);
    });
    const found = levels.flat();
    by("search-count").textContent = found.length ? `${grouped(found.length)} found${found.length > kResults ? `, the first ${kResults} shown` : ""}` : "Nothing found";
    if (found.length) sortable(table(by("results"), ["<Source", "<Target", "CSLS", "<Each other's best"], found.slice(0, kResults).map((i) => { const [s, t, score, mutual] = data.lexicon[i]; return [s, t, score.toFixed(4), mutual ? "yes" : ""]; })));
    reach();
  }
  const box = by("search");
  box.addEventListener("input", () => search(box.value));
  // A link can carry a search: report.html#q=house
  function follow() {
    if (!location.hash.startsWith("#q=")) {
      if (!location.hash) box.value = "";
      return search(box.value);
    }
    const wanted = location.hash.slice(3);
    try {
      box.value = decodeURIComponent(wanted);
    } catch {  // typed by hand: "100%" is no escape
      box.value = wanted;
    }
    search(box.value);
    by("search-section").scrollIntoView();
    box.focus({ preventScroll: true });
  }

  table(by("facts"), ["<", "<"], data.facts);
  reach();
  window.addEventListener("resize", reach);
  window.addEventListener("hashchange", follow);
  follow();
  page.dataset.ready = "1";
})();
