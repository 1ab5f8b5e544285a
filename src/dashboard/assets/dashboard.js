"use strict";
// Follows one day: keeps the sections that /events sends and draws what changed. Text from outside only ever
// becomes textContent.
(() => {
  const root = document.documentElement;
  const countError = () => { root.dataset.errors = String(Number(root.dataset.errors) + 1); };
  addEventListener("error", countError);
  addEventListener("unhandledrejection", countError);
  root.classList.add("js");  // the chart has a size from here on

  const byId = id => document.getElementById(id);
  const colour = name => getComputedStyle(root).getPropertyValue("--" + name).trim();
  const element = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  // ---- numbers and words --------------------------------------------------------------------------------
  const known = v => typeof v === "number" && Number.isFinite(v);
  const grouped = text => text.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  const fixed = (v, decimals) => {
    if (!known(v)) return "–";
    const [whole, part] = Math.abs(v).toFixed(decimals).split(".");
    return (v < 0 && Number(v.toFixed(decimals)) !== 0 ? "−" : "") + grouped(whole) + (part ? "." + part : "");
  };
  const signed = (v, decimals) => (known(v) && Number(v.toFixed(decimals)) > 0 ? "+" : "") + fixed(v, decimals);
  const percent = (v, decimals = 2) => known(v) ? signed(100 * v, decimals) + "%" : "–";
  const price = v => fixed(v, known(v) && Math.abs(v) < 1 ? 4 : 2);
  const usd = v => known(v) ? fixed(v, 2) : "–";
  const count = v => fixed(v, 0);
  const many = (n, one, more) => count(n) + " " + (n === 1 ? one : more);
  const toneOf = v => !known(v) || v === 0 ? "plain" : v > 0 ? "good" : "bad";
  const words = name => typeof name === "string" ? name.replaceAll("_", " ") : "–";
  const clock = ts => typeof ts === "string" ? ts.slice(11, 16) : "–";
  const clockWithSeconds = ts => typeof ts === "string" ? ts.slice(11, 19) : "–";
  const microseconds = v => !known(v) ? "–" : v < 1000 ? fixed(v, 0) + " µs" : v < 1e6 ? fixed(v / 1000, 1) + " ms" : fixed(v / 1e6, 2) + " s";
  const seconds = v => !known(v) ? "–" : v < 0.0995 ? fixed(v * 1000, v < 0.00995 ? 1 : 0) + " ms" : fixed(v, 2) + " s";

  // ---- tables -------------------------------------------------------------------------------------------
  // A column: {name, cell(row) → text or a node, tone(row), kind: "text", wide: not on phones}
  const table = (id, columns, rows, classOf = () => "") => {
    const box = byId(id);
    box.hidden = rows.length === 0;
    const css = column => [column.kind, column.wide ? "wide" : ""].filter(Boolean).join(" ");
    const head = element("tr");
    for (const column of columns) {
      const cell = element("th", css(column), column.name);
      cell.scope = "col";
      head.append(cell);
    }
    const body = element("tbody");
    for (const row of rows) {
      const line = element("tr", classOf(row));
      columns.forEach((column, i) => {
        const cell = element(i === 0 ? "th" : "td", [css(column), column.tone ? column.tone(row) : ""].filter(Boolean).join(" "));
        if (i === 0) cell.scope = "row";
        cell.append(column.cell(row));
        line.append(cell);
      });
      body.append(line);
    }
    const top = element("thead");
    top.append(head);
    box.replaceChildren(top, body);
  };

  const facts = (id, list) => {
    byId(id).replaceChildren(...list.map(([name, value, note, tone]) => {
      const fact = element("div", "fact");
      const said = element("dd");
      said.append(element("b", tone || "plain", value));
      if (note) said.append(" ", element("small", "", note));
      fact.append(element("dt", "", name), said);
      return fact;
    }));
  };

  // ---- the sections -------------------------------------------------------------------------------------
  const shown = {};

  const drawNow = () => {
    const {day, state, equity, trades} = shown;
    const silent = state && state.silent_seconds > 0;
    const trading = state && state.state !== "ended" && state.state !== "halted";
    const word = !day || day.waiting ? "WAITING FOR A DAY" : !state ? "RECORDED" : silent ? "SILENT" : String(state.state).toUpperCase();
    byId("word").textContent = word;
    byId("word").className = "word " + (silent || word === "HALTED" ? "bad" : word === "TRADING" ? "good" : "uncertain");
    root.classList.toggle("waiting", !day || Boolean(day.waiting));
    byId("title").textContent = "sentio" + (day && day.date ? " · " + day.date : "");
    document.title = (equity && known(equity.return_pct) ? percent(equity.return_pct) + " · " : "") + "sentio";
    const about = day ? [day.strategy, (state && state.account) || day.account, state && state.pace !== 1 ? "at " + fixed(state.pace, 0) + "× real time" : null, day.folder] : [];
    byId("subtitle").textContent = about.filter(Boolean).join(" · ") || "\u00a0";

    const value = equity ? equity.return_pct : null;
    byId("figure").textContent = percent(value);
    byId("figure").className = "value " + toneOf(value);
    const total = day && day.session_minutes;
    const done = equity && equity.minutes.length > 0 ? equity.minutes[equity.minutes.length - 1] : 0;
    byId("progress").hidden = !total;
    if (total) byId("progress").firstElementChild.style.width = Math.min(100, 100 * done / total) + "%";
    const note = state && state.exit_note ? state.exit_note : total ? "minute " + done + " of " + total : "";
    byId("progress-text").textContent = !day ? "" : day.waiting ? day.waiting : equity ? clock(equity.ts) + " ET, " + note : note;

    const lamps = [];
    const lamp = (text, ok) => { lamps.push(element("li", ok ? "good" : "bad", text)); };
    if (trading) {
      if (silent) lamp("process silent for " + fixed(state.silent_seconds, 0) + " s or more", false);
      lamp(state.feed_up ? "market data" : "market data DOWN", state.feed_up === true);
      lamp(state.stream_up ? "order events" : "order events DOWN", state.stream_up === true);
      const stopped = [state.entries_suspended && "suspended", state.maintenance && "maintenance", state.breaker && "circuit breaker"].filter(Boolean);
      lamp(stopped.length > 0 ? "entries STOPPED: " + stopped.join(", ") : "entries allowed", stopped.length === 0);
      lamp("clock " + signed(state.clock_skew_seconds, 1) + " s", Math.abs(state.clock_skew_seconds) <= 2);
    } else if (state && state.breaker) {
      lamp("circuit breaker tripped", false);
    }
    byId("lamps").replaceChildren(...lamps);

    const tiles = [];
    if (equity) {
      const change = known(equity.capital) ? equity.equity - equity.capital : null;
      tiles.push(["Equity, USD", usd(equity.equity), "of " + count(equity.capital)], ["Gain, USD", signed(change, 2), "", toneOf(change)],
        ["MRD", percent(equity.mrd, 3), "mean return per day", toneOf(equity.mrd)],
        ["Deepest fall", percent(-equity.drawdown_max_pct), "now " + percent(-equity.drawdown_pct)]);
      tiles.push(["Cash, USD", usd(equity.cash)]);
    }
    if (trades) {
      tiles.push(["Executions", count(trades.executions), trades.sales > 0 ? fixed(100 * trades.wins / trades.sales, 0) + "% of " + count(trades.sales) + " sales won" : ""],
        ["Fees, USD", usd(trades.fees_usd)]);
    }
    if (state && trading) tiles.push(["Orders open", count(state.orders_open)]);
    else if (trades) tiles.push(["Realised, USD", signed(trades.pnl_usd, 2), "", toneOf(trades.pnl_usd)]);
    facts("tiles", tiles);
    byId("tiles").hidden = tiles.length === 0;
  };

  const drawWarnings = () => {
    const {day, state} = shown;
    const lines = day ? [...day.warnings] : [];
    if (day && day.synthetic) lines.unshift("SYNTHETIC data: nothing here says anything about a market");
    if (state && state.silent_seconds > 0) lines.unshift("The trading process has not written its status for " + state.silent_seconds + " s or more: look at sentio_cli status");
    byId("warnings").replaceChildren(...lines.map(line => element("p", "warning", line)));
  };

  // ---- equity -------------------------------------------------------------------------------------------
  let chart = null;
  const two = n => String(n).padStart(2, "0");
  const timeOf = minute => {
    const m = (shown.day && shown.day.open_minute || 570) + minute;
    return two(Math.floor(m / 60)) + ":" + two(Math.floor(m % 60));
  };
  const ticksOfX = (a, b, pixels) => {
    const open = shown.day && shown.day.open_minute || 570;
    const step = [1, 2, 5, 10, 15, 30, 60, 120].find(minutes => minutes * pixels / (b - a) >= 56) || 180;
    const ticks = [];
    for (let t = Math.ceil((open + a) / step) * step; t <= open + b; t += step) ticks.push({v: t - open, label: timeOf(t - open)});
    return ticks;
  };
  const drawCapital = (context, area, graph) => {
    const capital = shown.equity && shown.equity.capital;
    if (!known(capital)) return;
    const y = Math.round(graph.toDomYCoord(capital)) + 0.5;
    context.save();
    context.strokeStyle = colour("muted");
    context.setLineDash([5, 4]);
    context.beginPath();
    context.moveTo(area.x, y);
    context.lineTo(area.x + area.w, y);
    context.stroke();
    context.restore();
  };
  const tellEquity = row => {
    const {equity} = shown;
    if (!equity) return;
    const at = row >= 0 ? row : equity.values.length - 1;
    const change = known(equity.capital) ? " (" + percent(equity.values[at] / equity.capital - 1) + ")" : "";
    byId("equity-note").textContent = timeOf(equity.minutes[at]) + " ET  " + usd(equity.values[at]) + " USD" + change +
      (row < 0 && known(equity.capital) ? "  ┄ capital at the start" : "");
  };
  const drawEquity = () => {
    const {equity, day} = shown;
    const box = byId("chart");
    box.dataset.points = String(equity ? equity.values.length : 0);
    if (!equity || equity.values.length === 0) {
      if (chart) chart.destroy();
      chart = null;
      byId("equity-note").textContent = "Nothing yet.";
      return;
    }
    const narrow = box.clientWidth < 480;
    const step = equity.values.length > 1 ? equity.minutes : [equity.minutes[0], equity.minutes[0]];
    const low = Math.min(...equity.values, equity.capital ?? Infinity), high = Math.max(...equity.values, equity.capital ?? -Infinity);
    const air = Math.max((high - low) * 0.08, 1);
    const options = {
      file: step.map((minute, i) => [minute, equity.values[Math.min(i, equity.values.length - 1)]]),
      dateWindow: [0, (day && day.session_minutes) || Math.max(...equity.minutes)],
      valueRange: [low - air, high + air],
      colors: [colour("accent")], gridLineColor: colour("line"), axisLineColor: colour("line"),
    };
    if (chart) {
      chart.updateOptions(options);
    } else {
      chart = new Dygraph(box, options.file, {
        ...options, labels: ["x", "equity"], legend: "never", resizable: "passive", strokeWidth: 1.8, rightGap: 4,
        axisLabelFontSize: narrow ? 11 : 12, underlayCallback: drawCapital, interactionModel: {},
        highlightCallback: (event, x, points, row) => tellEquity(row),
        unhighlightCallback: () => tellEquity(-1),
        axes: {
          x: {ticker: ticksOfX, axisLabelFormatter: timeOf, axisLabelWidth: 54},
          y: {axisLabelWidth: narrow ? 50 : 62, pixelsPerLabel: 34, axisLabelFormatter: v => fixed(v, 0)},
        },
      });
    }
    tellEquity(-1);
  };

  // ---- positions ----------------------------------------------------------------------------------------
  /** Where the price is between stop and target, entry marked. */
  const wayOf = row => {
    const box = element("div", "way " + toneOf(row.return_pct));
    box.style.height = "1.4em";
    if (!known(row.stop) || !known(row.target) || !(row.target > row.stop)) return element("span", "", "–");
    const place = v => 6 + 88 * Math.min(1, Math.max(0, (v - row.stop) / (row.target - row.stop)));
    const entry = place(row.avg_entry), mark = place(row.mark);
    const line = element("i"), start = element("i", "entry"), run = element("i", "run"), dot = element("b");
    start.style.left = entry + "%";
    run.style.left = Math.min(entry, mark) + "%";
    run.style.width = Math.abs(mark - entry) + "%";
    dot.style.left = mark + "%";
    box.append(line, run, start, dot);
    return box;
  };
  const drawPositions = () => {
    const {positions} = shown;
    const rows = positions ? positions.rows : [];
    const limit = positions && known(positions.max_positions) ? " of " + positions.max_positions : "";
    byId("positions-note").textContent = !positions ? "Nothing yet." :
      (rows.length === 0 ? "None" : rows.length + limit) + (positions.ts ? " at " + clock(positions.ts) + " ET" : "") +
      (known(positions.stop_loss_pct) && rows.length > 0 ? "; sold at " + percent(-positions.stop_loss_pct, 1) + " or " + percent(positions.profit_target_pct, 1) + " of the entry" : "");
    table("positions-table", [
      {name: "", cell: r => String(r.symbol)},
      {name: "shares", cell: r => fixed(r.qty, Number.isInteger(r.qty) ? 0 : 3)},
      {name: "entry", cell: r => price(r.avg_entry), wide: true},
      {name: "price", cell: r => price(r.mark)},
      {name: "return", cell: r => percent(r.return_pct), tone: r => toneOf(r.return_pct)},
      {name: "gain, USD", cell: r => signed(r.unrealized_pnl, 0), tone: r => toneOf(r.unrealized_pnl), wide: true},
      {name: "stop", cell: r => price(r.stop), wide: true},
      {name: "stop to target", cell: wayOf, kind: "text"},
      {name: "target", cell: r => price(r.target), wide: true},
      {name: "minutes", cell: r => count(r.sets_held), wide: true},
    ], rows);
  };

  // ---- signals ------------------------------------------------------------------------------------------
  const gateOf = row => {
    if (row.gate === null) return element("span", "gate", row.passes ? "no gate closed" : "–");
    const open = ["held", "entered"].includes(row.gate);
    const decimals = row.gate === "rank" ? 0 : 3;
    const detail = known(row.gate_value) && known(row.gate_limit) ? ": " + fixed(row.gate_value, decimals) + (row.gate_value < row.gate_limit ? " < " : " > ") + fixed(row.gate_limit, decimals) : "";
    return element("span", "gate" + (open ? " open" : ""), words(row.gate) + detail);
  };
  const drawSignals = () => {
    const {signals} = shown;
    const rows = signals ? signals.rows : [];
    byId("signals-note").textContent = signals && signals.ts ? "Of " + clock(signals.ts) + " ET, ranked; the gate is what held each back, or why it was sold" : "Nothing yet.";
    table("signals-table", [
      {name: "", cell: r => String(r.symbol)},
      {name: "rank", cell: r => r.rank > 0 ? count(r.rank) : "–"},
      {name: "strength", cell: r => fixed(r.strength, 3)},
      {name: "prob.", cell: r => fixed(r.probability, 3)},
      {name: "conf.", cell: r => fixed(r.confidence, 3), wide: true},
      {name: "move, bps", cell: r => fixed(r.move_bps, 1), wide: true},
      {name: "cost, bps", cell: r => fixed(r.cost_bps, 1), wide: true},
      {name: "gate", cell: gateOf, kind: "text"},
    ], rows, r => r.gate === "held" || r.gate === "entered" ? "held" : "");
  };

  // ---- decisions ----------------------------------------------------------------------------------------
  const drawDecisions = () => {
    const {decisions} = shown;
    const rows = decisions ? decisions.last.slice(0, 15) : [];
    byId("decisions-note").textContent = decisions ? many(decisions.entries, "entry", "entries") + ", " + many(decisions.exits, "exit", "exits") + ", " +
      many(decisions.cancels, "cancel", "cancels") + " so far; the newest first" : "Nothing yet.";
    table("decisions-table", [
      {name: "time", cell: r => clock(r.ts)},
      {name: "", cell: r => String(r.symbol), kind: "text"},
      {name: "action", cell: r => words(r.action), kind: "text"},
      {name: "reason", cell: r => words(r.reason), kind: "text"},
      {name: "shares", cell: r => count(r.qty), wide: true},
      {name: "price", cell: r => price(r.price), wide: true},
      {name: "return", cell: r => percent(r.return_pct), tone: r => toneOf(r.return_pct)},
    ], rows);
    const blocked = decisions ? Object.entries(decisions.blocked).sort((a, b) => b[1] - a[1]) : [];
    byId("blocked").textContent = blocked.length > 0 ? "Entries stopped: " + blocked.map(([reason, n]) => words(reason) + " " + count(n)).join(", ") : "";
  };
  const drawTrades = () => {
    const {trades} = shown;
    const rows = trades ? trades.last.slice(0, 10) : [];
    byId("trades-heading").hidden = rows.length === 0;
    table("trades-table", [
      {name: "time", cell: r => clockWithSeconds(r.ts)},
      {name: "", cell: r => String(r.symbol), kind: "text"},
      {name: "", cell: r => words(r.side), kind: "text"},
      {name: "shares", cell: r => count(r.qty)},
      {name: "price", cell: r => price(r.price)},
      {name: "reason", cell: r => words(r.reason), kind: "text", wide: true},
      {name: "P&L, USD", cell: r => r.side === "sell" ? signed(r.pnl, 2) : "", tone: r => r.side === "sell" ? toneOf(r.pnl) : ""},
    ], rows);
  };

  // ---- messages, latency, learners ----------------------------------------------------------------------
  const drawMessages = () => {
    const all = shown.alerts || [];
    const alerts = all.filter(m => m.level === "critical" || m.level === "warning").length;
    byId("messages-note").textContent = all.length === 0 ? "Nothing yet." : alerts === 0 ? "No alerts" : many(alerts, "alert", "alerts");
    byId("messages-list").replaceChildren(...all.map(m => {
      const line = element("li");
      const level = {critical: "critical", warning: "warning-level", info: "info"}[m.level] || "log";
      line.append(element("time", "", clockWithSeconds(m.ts)), element("span", "level " + level, m.level), element("span", "text", m.text));
      return line;
    }));
  };
  const drawLatency = () => {
    const {latency, state} = shown;
    const list = [];
    const spread = d => "median " + seconds(d.median_seconds) + ", p99 " + seconds(d.p99_seconds) + ", worst " + seconds(d.worst_seconds);
    if (latency && latency.sets && latency.sets.count > 0) list.push(["Feed: end of a minute to its set", seconds(latency.sets.last_seconds), spread(latency.sets)]);
    if (latency && latency.orders && latency.orders.sent > 0) {
      const o = latency.orders;
      list.push(["Orders: set complete to request", microseconds(o.p50_us), "median of " + count(o.sent) + "; p99 " + microseconds(o.p99_us) + ", worst " + microseconds(o.worst_us)]);
    }
    if (latency && latency.fills && latency.fills.count > 0) list.push(["Fills: decided to heard of", seconds(latency.fills.median_seconds), "p99 " + seconds(latency.fills.p99_seconds) + ", worst " + seconds(latency.fills.worst_seconds)]);
    byId("latency-note").textContent = list.length === 0 ? "Nothing yet; replays have none." :
      state && state.pace !== 1 ? "Feed and fills in the session's seconds, of which " + fixed(state.pace, 0) + " pass in a real one; orders in real ones" : "By this machine's clock";
    facts("latency-facts", list);
  };
  const drawLearners = () => {
    const {learners} = shown;
    const rows = learners ? learners.rows : [];
    byId("learners-note").textContent = rows.length === 0 ? "Nothing yet." :
      learners.judged === "close" ? "As the day ended; who breaks a limit gets no entries tomorrow" : "As the day began; who breaks a limit gets no entries today";
    const horizons = rows.length > 0 ? rows[0].horizons : [];
    table("learners-table", [
      {name: "", cell: r => String(r.symbol)},
      {name: "verdict", cell: r => r.healthy ? "healthy" : "NO ENTRIES: " + words(r.limit), kind: "text", tone: r => r.healthy ? "" : "bad"},
      ...horizons.map((h, i) => ({name: "hits " + h.minutes + " min", cell: r => r.horizons[i] ? percent(r.horizons[i].directional_accuracy, 1).replace("+", "") : "–"})),
      {name: "error vs zero", cell: r => r.horizons.map(h => fixed(h.rmse_ratio, 2)).join(" "), wide: true},
      {name: "rows", cell: r => fixed(r.effective_window, 0), wide: true},
      {name: "condition", cell: r => known(r.condition) ? r.condition.toPrecision(2).replace("e+", "e") : "–", wide: true},
    ], rows);
  };

  // ---- what is drawn when a section changes -------------------------------------------------------------
  const painters = {
    day: [drawWarnings, drawNow, drawEquity], state: [drawWarnings, drawNow, drawLatency], equity: [drawNow, drawEquity], trades: [drawNow, drawTrades],
    positions: [drawPositions], signals: [drawSignals], decisions: [drawDecisions], alerts: [drawMessages], latency: [drawLatency], learners: [drawLearners],
  };
  const take = sections => {
    const due = new Set();
    for (const [name, value] of Object.entries(sections)) {
      shown[name] = value;
      for (const paint of painters[name] || []) due.add(paint);
    }
    for (const paint of due) paint();
    root.dataset.version = String(sections.version);
    root.dataset.events = String(Number(root.dataset.events || 0) + 1);
  };

  // ---- the stream ---------------------------------------------------------------------------------------
  const SILENCE_MAX = 40000;  // ms; the server says something every 15 s
  let source = null, heard = 0;
  const lost = is => { byId("lost").hidden = !is; };
  const hear = () => { heard = Date.now(); lost(false); };
  const connect = () => {
    if (source) source.close();
    heard = Date.now();
    source = new EventSource("events");
    for (const name of ["snapshot", "changes"]) {
      source.addEventListener(name, event => {
        hear();
        take(JSON.parse(event.data));
      });
    }
    source.addEventListener("pulse", hear);
    source.addEventListener("error", () => lost(true));
  };
  connect();
  // A stream that was closed for good (the server's 503) or cut without a word (a phone that slept) is opened anew.
  setInterval(() => {
    if (source.readyState !== EventSource.CLOSED && Date.now() - heard < SILENCE_MAX) return;
    lost(true);
    connect();
  }, 5000);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawEquity);
})();
