"use strict";
// Draws the charts of one page from the numbers in #page-data. Everything people must not miss is HTML already.
// Text from the data only ever becomes textContent.
(() => {
  const root = document.documentElement;
  const countError = () => { root.dataset.errors = String(Number(root.dataset.errors) + 1); };
  addEventListener("error", countError);
  addEventListener("unhandledrejection", countError);

  root.classList.add("js");  // charts have a size from here on

  const page = JSON.parse(document.getElementById("page-data").textContent);
  const byId = id => document.getElementById(id);
  const colour = name => getComputedStyle(root).getPropertyValue("--" + name).trim();
  const touch = matchMedia("(pointer: coarse)").matches;
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

  // ---- time: sessions side by side, in minutes, with a gap between two ---------------------------------
  const GAP = 16;
  const xs = [];        // of every row
  const pointOfRow = []; // index into a series; -1 on the row that parts two sessions
  let end = 0;
  const sessions = page.sessions.map(([date, open, minutes], i) => {
    if (i > 0) {
      xs.push(end + GAP / 2);
      pointOfRow.push(-1);
      end += GAP;
    }
    const session = {date, open, minutes, base: end, first: xs.length};
    for (let m = page.step; m < minutes + page.step; m += page.step) {
      pointOfRow.push(xs.length - i);
      xs.push(end + Math.min(m, minutes));
    }
    session.last = xs.length - 1;
    end += minutes;
    return session;
  });
  const whole = [0, end];

  const two = n => String(n).padStart(2, "0");
  const clock = minute => two(Math.floor(minute / 60)) + ":" + two(Math.floor(minute % 60));
  const day = session => MONTHS[Number(session.date.slice(5, 7)) - 1] + " " + Number(session.date.slice(8));
  const sessionAt = x => {
    let found = sessions[0];
    for (const session of sessions) if (session.base <= x) found = session;
    return found;
  };
  const when = x => {
    const session = sessionAt(x);
    const time = clock(session.open + Math.min(x - session.base, session.minutes)) + " ET";
    return sessions.length > 1 ? day(session) + " " + time : time;
  };

  /** Round clock times where they fit, else days. */
  const ticksOfX = (a, b, pixels) => {
    const perPixel = (b - a) / pixels;
    const seen = sessions.filter(s => s.base + s.minutes >= a && s.base <= b);
    const ticks = [];
    if (seen.length > 1 && b - a > 600) {
      const stride = Math.ceil(52 * perPixel / ((end + GAP) / sessions.length));
      sessions.forEach((s, i) => { if (i % stride === 0) ticks.push({v: s.base, label: day(s)}); });
      return ticks.filter(t => t.v >= a && t.v <= b);
    }
    const step = [1, 2, 5, 10, 15, 30, 60, 120].find(minutes => minutes / perPixel >= 56) || 180;
    for (const s of seen) {
      for (let t = Math.ceil(s.open / step) * step; t <= s.open + s.minutes; t += step) {
        const v = s.base + t - s.open;
        if (v >= a && v <= b) ticks.push({v, label: clock(t)});
      }
    }
    return ticks;
  };

  // ---- numbers ------------------------------------------------------------------------------------------
  const decode = series => {
    const scale = 10 ** series.d;
    let sum = 0;
    return series.v.map(step => step === null ? null : (sum += step) / scale);
  };
  const grouped = text => text.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  const fixed = (value, decimals) => {
    const [whole, part] = Math.abs(value).toFixed(decimals).split(".");
    return (value < 0 && Number(value.toFixed(decimals)) !== 0 ? "−" : "") + grouped(whole) + (part ? "." + part : "");
  };
  const FORMATS = {
    usd: v => fixed(v, 0),
    price: v => fixed(v, Math.abs(v) < 1 ? 4 : 2),
    percent: v => fixed(100 * v, 2) + "%",
    ratio: v => fixed(v, 3),
  };
  const AXIS_FORMATS = {
    ...FORMATS,
    price: (v, step) => fixed(v, step < 0.01 ? 3 : step < 1 ? 2 : step < 10 ? 1 : 0),
    percent: (v, step) => fixed(100 * v, step < 0.001 ? 2 : step < 0.01 ? 1 : 0) + "%",
    ratio: (v, step) => fixed(v, step < 0.01 ? 3 : 2),
  };

  /** Rows as dygraphs wants them: [x, a, b, …], a row of nulls between two sessions. */
  const rowsOf = columns => xs.map((x, row) => {
    const point = pointOfRow[row];
    return [x, ...columns.map(values => point < 0 ? null : values[point])];
  });

  // ---- charts that move together ------------------------------------------------------------------------
  const charts = [];

  const element = (tag, className, text) => {
    const made = document.createElement(tag);
    made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  /** What the line above a chart says about one row, or about the chart while nothing is chosen. */
  const tell = (chart, row) => {
    const legend = byId("legend-" + chart.id);
    legend.replaceChildren();
    if (row >= 0) legend.append(element("span", "time", when(xs[row])));
    chart.columns.forEach((column, i) => {
      if (!column.told) return;
      const item = element("span", "item");
      const swatch = element("i", "swatch");
      if (row < 0 && chart.ownName) return;
      swatch.style.background = colour(column.colour);
      item.append(swatch, chart.ownName ? "" : column.name);
      const value = row >= 0 ? chart.rows[row][i + 1] : null;
      if (row >= 0) item.append(" ", element("b", "", value === null ? "–" : FORMATS[chart.unit](value)));
      legend.append(item);
    });
    if (row < 0 && chart.referenceName) legend.append(element("span", "item dashed", "┄ " + chart.referenceName));
    if (row >= 0 && chart.markers) {
      for (const m of chart.markers.filter(m => Math.abs(m.x - xs[row]) <= page.step / 2 + 0.01).slice(0, 3)) {
        const earned = m.pnl === null ? "" : " → " + (m.pnl > 0 ? "+" : "") + fixed(m.pnl, 2) + " USD";
        const text = (m.entry ? "△ bought " : "▼ sold ") + fixed(m.qty, 0) + " @ " + FORMATS.price(m.price) + " " +
          m.reason.replaceAll("_", " ") + earned;
        legend.append(element("span", "item trade", text));
      }
    }
  };

  const select = (row, from) => {
    for (const chart of charts) {
      if (chart.graph !== from) row >= 0 ? chart.graph.setSelection(row) : chart.graph.clearSelection();
      chart.row = row;
      tell(chart, row);
    }
  };

  let zooming = false;
  let shown = whole;
  const zoom = (range, from) => {
    const [low, high] = [Math.max(range[0], whole[0]), Math.min(range[1], whole[1])];
    if (zooming || (from && low === shown[0] && high === shown[1])) return;
    zooming = true;
    shown = [low, high];
    for (const chart of charts) if (chart.graph !== from) chart.graph.updateOptions({dateWindow: shown});
    zooming = false;
    byId("zoom-out").hidden = shown[0] <= whole[0] && shown[1] >= whole[1];
  };

  const drawUnder = chart => (context, area, graph) => {
    const [a, b] = graph.xAxisRange();
    context.save();
    context.strokeStyle = colour("line");
    context.lineWidth = 1;
    for (const s of sessions) {
      const x = Math.round(graph.toDomXCoord(s.base - GAP / 2)) + 0.5;
      if (s.base === 0 || s.base < a || s.base > b) continue;
      context.beginPath();
      context.moveTo(x, area.y);
      context.lineTo(x, area.y + area.h);
      context.stroke();
    }
    if (chart.reference !== undefined) {
      const y = Math.round(graph.toDomYCoord(chart.reference)) + 0.5;
      context.strokeStyle = colour("muted");
      context.setLineDash([5, 4]);
      context.beginPath();
      context.moveTo(area.x, y);
      context.lineTo(area.x + area.w, y);
      context.stroke();
    }
    context.restore();
  };

  const triangle = (context, x, y, size, up) => {
    const tip = up ? -size : size;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x - size * 0.75, y - tip * 1.6);
    context.lineTo(x + size * 0.75, y - tip * 1.6);
    context.closePath();
  };

  /** Shape says what, colour says how it ended: △ points up at the price bought, ▼ down at the price sold. */
  const drawMarkers = chart => ({dygraph: graph, drawingContext: context}) => {
    const area = graph.getArea();
    const [a, b] = graph.xAxisRange();
    const near = chart.markers.filter(m => m.x >= a - 1 && m.x <= b + 1);
    const crowded = near.length > 120;  // then shapes would hide the price
    const paints = {entry: colour("text"), good: colour("good"), bad: colour("bad"), card: colour("card")};
    context.save();
    context.beginPath();
    context.rect(area.x, area.y, area.w, area.h);
    context.clip();
    context.globalAlpha = crowded ? 0.7 : 1;
    let held = null;
    for (const m of near) {
      const x = graph.toDomXCoord(m.x), y = graph.toDomYCoord(m.price);
      const paint = m.entry ? paints.entry : m.pnl !== null && m.pnl > 0 ? paints.good : paints.bad;
      if (!m.entry && held) {
        context.strokeStyle = paint;
        context.lineWidth = crowded ? 2 : 1.2;
        context.setLineDash(crowded ? [] : [3, 3]);
        context.beginPath();
        context.moveTo(held[0], held[1]);
        context.lineTo(x, y);
        context.stroke();
        context.setLineDash([]);
      }
      held = m.entry ? [x, y] : held;
      if (crowded && m.entry) continue;
      triangle(context, x, y, crowded ? 2.5 : 6, m.entry);
      context.lineWidth = m.entry ? 1.6 : 1;
      context.strokeStyle = m.entry ? paint : paints.card;
      context.fillStyle = m.entry ? paints.card : paint;
      context.fill();
      if (!crowded) context.stroke();
    }
    context.restore();
  };

  /** Options that follow from the columns and the colours of the day or night. */
  const looks = chart => {
    const series = {};
    chart.columns.forEach((column, i) => {
      series["c" + i] = {strokeWidth: column.told ? 1.8 : 0.8, highlightCircleSize: column.told ? 4 : 0, drawGapEdgePoints: column.told};
    });
    return {
      file: chart.rows,
      labels: ["x", ...chart.columns.map((_, i) => "c" + i)],
      colors: chart.columns.map(column => colour(column.colour)),
      series,
      gridLineColor: colour("line"),
      axisLineColor: colour("line"),
    };
  };

  const keys = (chart, event) => {
    const move = step => {
      let row = chart.row >= 0 ? chart.row + step : step > 0 ? 0 : xs.length - 1;
      if (pointOfRow[row] < 0) row += step;
      if (row >= 0 && row < xs.length) select(row, null);
    };
    const middle = chart.row >= 0 ? xs[chart.row] : (shown[0] + shown[1]) / 2;
    const by = factor => {
      const half = Math.max((shown[1] - shown[0]) * factor / 2, 5);
      zoom([middle - half, middle + half], null);
    };
    const actions = {
      ArrowLeft: () => move(event.shiftKey ? -10 : -1),
      ArrowRight: () => move(event.shiftKey ? 10 : 1),
      "+": () => by(0.5),
      "-": () => by(2),
      Escape: () => { select(-1, null); zoom(whole, null); },
    };
    if (!actions[event.key]) return;
    actions[event.key]();
    event.preventDefault();
  };

  const draw = chart => {
    const box = byId("chart-" + chart.id);
    chart.row = -1;
    const narrow = box.clientWidth < 480;
    charts.push(chart);
    chart.graph = new Dygraph(box, chart.rows, {
      ...looks(chart),
      legend: "never",
      resizable: "passive",
      connectSeparatedPoints: Boolean(chart.connected),
      pointSize: 1.2,
      fillGraph: Boolean(chart.filled),
      fillAlpha: 0.18,
      includeZero: Boolean(chart.filled),
      xRangePad: sessions.length > 1 ? 0 : 4,
      dateWindow: whole,
      rightGap: 4,
      yRangePad: 6,
      axisLabelFontSize: narrow ? 11 : 12,
      underlayCallback: drawUnder(chart),
      plugins: chart.markers ? [{activate: () => ({didDrawChart: drawMarkers(chart)}), toString: () => "markers"}] : [],
      highlightCallback: (event, x, points, row) => select(row, chart.graph),
      unhighlightCallback: () => select(-1, chart.graph),
      drawCallback: (graph, first) => { if (!first) zoom(graph.xAxisRange(), graph); },
      ...(touch ? {interactionModel: {}} : {}),  // a finger scrolls the page; a tap reads values
      axes: {
        x: {ticker: ticksOfX, axisLabelFormatter: x => when(x), valueFormatter: when, axisLabelWidth: 54, drawGrid: sessions.length === 1},
        y: {
          axisLabelWidth: narrow ? 46 : 58,
          pixelsPerLabel: 30,
          axisLabelFormatter: (v, granularity, option, graph) => {
            const [low, high] = graph.yAxisRange();
            return AXIS_FORMATS[chart.unit](v, (high - low) / 5);
          },
        },
      },
    });
    box.addEventListener("keydown", event => keys(chart, event));
    report(chart);
    tell(chart, -1);
  };

  /** For tests and for whoever looks at the DOM: how many numbers this chart has drawn. */
  const report = chart => {
    const numbers = chart.rows.reduce((sum, row) => sum + row.slice(1).filter(v => v !== null).length, 0);
    byId("chart-" + chart.id).dataset.drawn = String(numbers);
  };

  const redraw = chart => {
    chart.graph.updateOptions(looks(chart));
    report(chart);
    tell(chart, -1);
  };

  // ---- the page's own charts ----------------------------------------------------------------------------
  page.charts.forEach((spec, i) => {
    const names = ["accent", "second", "third"];
    draw({
      id: String(i), unit: spec.unit, connected: true, filled: spec.filled, ownName: spec.series.length === 1, reference: spec.ref, referenceName: spec.refName,
      columns: spec.series.map((s, n) => ({name: s.n, told: true, colour: spec.filled ? "bad" : names[n % names.length]})),
      rows: rowsOf(spec.series.map(decode)),
    });
  });

  // ---- instruments: one chosen, the others as a grey background -----------------------------------------
  const instruments = page.instruments.map(one => ({
    name: one.n, note: one.note, price: decode(one.price), confidence: decode(one.confidence), strength: decode(one.strength),
    markers: one.markers.map(([session, minute, entry, price, qty, reason, pnl]) =>
      ({x: sessions[session].base + minute, entry: entry === 1, price, qty, reason, pnl})),
  }));
  const threeCharts = {};

  const content = (kind, chosen) => {
    const own = {name: chosen.name, told: true, colour: "accent"};
    if (kind === "price") return {columns: [{...own, colour: "price"}], rows: rowsOf([chosen.price]), markers: chosen.markers};
    const others = instruments.filter(one => one !== chosen);
    return {
      columns: [...others.map(one => ({name: one.name, told: false, colour: "faint"})), own],
      rows: rowsOf([...others, chosen].map(one => one[kind])),
    };
  };

  const choose = index => {
    const chosen = instruments[index];
    byId("instrument-note").textContent = chosen.note;
    for (const button of document.querySelectorAll("[data-instrument]")) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.instrument) === index));
    }
    for (const kind of ["price", "confidence", "strength"]) {
      const chart = threeCharts[kind];
      if (chart) {
        Object.assign(chart, content(kind, chosen));
        redraw(chart);
        continue;
      }
      threeCharts[kind] = {id: kind, unit: kind === "price" ? "price" : "ratio", ...content(kind, chosen)};
      if (kind === "confidence") Object.assign(threeCharts[kind], {reference: page.noSkill, referenceName: "no skill"});
      draw(threeCharts[kind]);
    }
  };

  if (instruments.length > 0) {
    for (const button of document.querySelectorAll("[data-instrument]")) {
      button.addEventListener("click", () => choose(Number(button.dataset.instrument)));
    }
    choose(0);
  }

  // ---- a day of the heat map is a way into the charts ---------------------------------------------------
  const out = byId("zoom-out");
  out.addEventListener("click", () => zoom(whole, null));
  if (charts.length > 0 && sessions.length > 1) {
    for (const cell of document.querySelectorAll("[data-date]")) {
      const session = sessions.find(s => s.date === cell.dataset.date);
      if (!session) continue;
      cell.addEventListener("click", () => {
        zoom([session.base, session.base + session.minutes], null);
        byId("chart-" + charts[0].id).closest("section").scrollIntoView({block: "start"});
      });
      cell.disabled = false;
    }
  }

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => charts.forEach(redraw));
  root.dataset.charts = String(charts.length);
})();
