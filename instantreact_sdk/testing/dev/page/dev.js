"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const colours = ["#63dcc8", "#ffb454", "#8ab8ff", "#ff8fa3", "#c3e76b", "#d6a2ff", "#ffe066", "#7fe0ff"];
  const order = ["failed", "not enforced", "waiting", "skipped", "expected failure", "passed"];
  const empty = (run) => ({
    run, frames: [], said: [], levels: [], calls: 0, ms: 0, slowest: 0, health: [], printed: "", checks: new Map(), told: null,
  });
  let now = empty({ number: 0 });
  let next = null; // a run that has not shown anything yet: what the last one showed stays until then
  let at = 0, playing = null, due = false, hovered = -1;

  const clock = (seconds) => `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(1).padStart(4, "0")}`;
  const colour = (label) => {
    let sum = 0;
    for (const letter of label) sum = (sum * 31 + letter.codePointAt(0)) >>> 0;
    return colours[sum % colours.length];
  };
  const node = (kind, text, name) => {
    const made = document.createElement(kind);
    if (text !== undefined) made.textContent = text;
    if (name) made.className = name;
    return made;
  };

  const take = (fact) => {
    if (fact.is === "run") { next = empty(fact); return; }
    if (next && fact.is !== "printed" && fact.is !== "call") {
      // The moment that was looked at stays, for whoever edits wants to see what became of it.
      now = next;
      next = null;
    }
    const run = next || now;
    switch (fact.is) {
      case "component": run.component = fact; break;
      case "frame": run.frames.push(fact); break;
      case "call": run.calls += 1; run.ms += fact.ms; run.slowest = Math.max(run.slowest, fact.ms); break;
      case "said": run.said.push(fact); break;
      case "level": run.levels.push(fact); break;
      case "told": run.told = fact; break;
      case "health": run.health.push(fact); break;
      case "printed": run.printed = (run.printed + fact.text).slice(-20000); break;
      case "failed": run.failed = fact; break;
      case "looked": run.looked = true; break;
      case "checks": for (const each of fact.checks) run.checks.set(each.name, { ...each, status: "waiting", message: "" }); break;
      case "check": Object.assign(run.checks.get(fact.check), fact); break;
      case "checked": run.checked = fact; break;
    }
  };

  const later = () => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => { due = false; draw(); });
  };

  const draw = () => {
    const { component, failed, frames } = now;
    document.documentElement.dataset.run = now.run.number;
    $("use").textContent = now.run.use || "\u00a0";
    document.title = `${failed ? "\u2717 " : ""}${now.run.use || "plugins dev"}`;
    $("about").textContent = component
      ? `${component.kind}, saved ${now.run.saved}. Options: ${component.options}.${component.footage ? ` It is shown ${component.footage}.` : ""}`
      : `Saved ${now.run.saved || ""}.`;
    $("wrong").hidden = !failed;
    if (failed) {
      $("message").textContent = failed.message;
      $("trace").textContent = failed.trace;
      $("trace").hidden = !failed.trace;
    }
    $("stage").hidden = !frames.length;
    $("player").hidden = !frames.length && !now.levels.length;
    $("play").disabled = $("seek").disabled = frames.length < 2;
    $("seek").max = Math.max(0, frames.length - 1);
    drawFigures();
    drawSaid();
    drawTold();
    $("print").hidden = !now.printed;
    $("printed").textContent = now.printed;
    drawChecks();
    show(Math.min(at, Math.max(0, frames.length - 1)), false);
  };

  const drawFigures = () => {
    const counts = new Map();
    let seen = 0, boxes = 0;
    for (const frame of now.frames) {
      if (frame.boxes && frame.boxes.length) seen += 1;
      for (const label of frame.labels || []) { counts.set(label, (counts.get(label) || 0) + 1); boxes += 1; }
    }
    const figures = [];
    if (now.frames.some((frame) => frame.boxes)) figures.push(["Boxes", `${boxes} in ${seen} of ${now.frames.length} frames`]);
    else if (now.frames.length) figures.push(["Frames", now.frames.length]);
    if (now.calls) figures.push(["A call", `${(now.ms / now.calls).toFixed(1)} ms`], ["Slowest", `${now.slowest.toFixed(1)} ms`]);
    for (const [label, count] of [...counts].sort((a, b) => b[1] - a[1]).slice(0, 12)) figures.push([label, count]);
    $("figures").replaceChildren(...figures.map(([name, value]) => {
      const tile = node("div");
      tile.append(node("dt", name), node("dd", value));
      return tile;
    }));
  };

  const drawSaid = () => {
    $("said").replaceChildren(...[...now.said, ...now.health].slice(-400).map((fact) => {
      const line = node("li");
      if (fact.is === "health") { line.append(node("span", fact.kind, "pill held"), ` ${fact.detail}`); return line; }
      const time = node("button", fact.end === undefined ? "" : `${clock(fact.start)} to ${clock(fact.end)}`, "time");
      time.type = "button";
      time.addEventListener("click", () => go(fact.start));
      if (fact.end !== undefined) line.append(time, " ");
      line.append(fact.text);
      if (fact.score !== undefined) line.append(node("span", ` ${fact.score.toFixed(2)}`, "muted small"));
      return line;
    }));
  };

  const drawTold = () => {
    const { told } = now;
    $("told").hidden = !told;
    if (!told) return;
    const parts = [node("h3", "A made-up alert"), node("p", told.alert)];
    if (!told.fake) parts.push(node("p", "Its case has no fake; it worked without a network.", "muted"));
    else parts.push(node("p", told.sent.length ? "Its fake was sent:" : "Its fake was sent nothing.", told.sent.length ? "muted" : "warn"));
    for (const one of told.sent) {
      parts.push(node("p", `${one.part}${one.recipient ? ` to ${one.recipient}` : ""}`, "small muted"), node("pre", one.body));
    }
    if (told.receipt) parts.push(node("p", `Receipt: ${told.receipt}`, "small"));
    $("told").replaceChildren(...parts);
  };

  const drawChecks = () => {
    const open = new Set([...document.querySelectorAll("#checks details[open]")].map((part) => part.dataset.name));
    const checks = [...now.checks.values()].sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
    const count = (status) => checks.filter((each) => each.status === status).length;
    const waiting = count("waiting");
    $("score").textContent = checks.length
      ? `${count("failed")} failed, ${count("passed")} passed${waiting ? `, ${waiting} to come` : ""}`
      : now.checked ? "" : now.failed && !now.component ? "cannot be made before it loads" : "to come";
    $("unchecked").hidden = !(now.checked && now.checked.problem);
    $("unchecked").textContent = (now.checked && now.checked.problem) || "";
    $("checks").replaceChildren(...checks.map((each) => {
      const line = node("li");
      const known = ["failed", "passed", "skipped", "waiting"].includes(each.status) ? each.status : "unclear";
      const part = node("details");
      part.dataset.name = each.name;
      part.open = open.has(each.name);
      const head = node("summary");
      head.append(node("span", each.status, `pill ${known}`), each.name);
      const [, ...page] = each.page.split("\n\n");
      part.append(head, node("p", each.summary), ...page.map((text) => node("p", text)));
      if (each.message) head.append(node("p", `${each.message}.`, "said-why"));
      line.append(part);
      line.dataset.status = each.status;
      return line;
    }));
  };

  const show = (index, user) => {
    if (user) at = index;
    const frame = now.frames[index];
    if (frame) {
      const source = `/picture/${now.run.number}/${frame.picture}`;
      if (!$("picture").src.endsWith(source)) $("picture").src = source;
      $("seek").value = index;
      $("clock").textContent = clock(frame.time);
      const words = now.said.filter((fact) => fact.end !== undefined && fact.start <= frame.time && frame.time <= fact.end);
      $("subtitle").hidden = !words.length;
      $("subtitle").textContent = words.map((fact) => fact.text).join(" · ");
    }
    drawBoxes(frame);
    drawScores(frame);
  };

  const area = (canvas) => {
    const ratio = devicePixelRatio || 1;
    const { width, height } = canvas.getBoundingClientRect();
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    return [pen, width, height];
  };

  // The picture keeps its shape inside the stage; where it lies there.
  const place = (frame, width, height) => {
    const scale = Math.min(width / frame.size[0], height / frame.size[1]);
    const [w, h] = [frame.size[0] * scale, frame.size[1] * scale];
    return [(width - w) / 2, (height - h) / 2, w, h];
  };

  const drawBoxes = (frame) => {
    const [pen, width, height] = area($("boxes"));
    if (!frame || !frame.boxes) return;
    const [left, top, w, h] = place(frame, width, height);
    pen.font = "600 13px system-ui, sans-serif";
    frame.boxes.forEach(([x0, y0, x1, y1], index) => {
      const tone = colour(frame.labels[index]);
      const [x, y] = [left + x0 * w, top + y0 * h];
      pen.strokeStyle = tone;
      pen.lineWidth = index === hovered ? 4 : 2;
      pen.strokeRect(x, y, (x1 - x0) * w, (y1 - y0) * h);
      const text = words(frame, index);
      const wide = pen.measureText(text).width + 8;
      const [tx, ty] = [Math.min(x, width - wide), y > 20 ? y - 19 : y];
      pen.fillStyle = tone;
      pen.fillRect(tx, ty, wide, 18);
      pen.fillStyle = "#101413";
      pen.fillText(text, tx + 4, ty + 13);
    });
    $("picture").alt = frame.boxes.map((_, index) => words(frame, index)).join(", ") || "The current frame; nothing was found in it";
  };

  const words = (frame, index) => {
    const track = frame.tracks ? ` #${frame.tracks[index]}` : "";
    return `${frame.labels[index]}${track} ${frame.scores[index].toFixed(2)}`;
  };

  const span = () => {
    const ends = [...now.frames.slice(-1).map((frame) => frame.time), ...now.levels.slice(-1).map((level) => level.start + level.step * level.levels.length)];
    return Math.max(0.1, ...ends, ...now.said.slice(-1).map((fact) => fact.end || 0));
  };

  const drawScores = (frame) => {
    const [pen, width, height] = area($("scores"));
    const x = (time) => (time / span()) * width;
    pen.fillStyle = getComputedStyle($("clock")).color;
    for (const { start, step, levels } of now.levels) {
      levels.forEach((level, index) => {
        const tall = Math.max(1, level * height);
        pen.fillRect(x(start + index * step), (height - tall) / 2, Math.max(1, x(step) - 0.5), tall);
      });
    }
    for (const fact of now.said) {
      if (fact.end === undefined) continue;
      pen.fillStyle = colour(fact.text);
      pen.fillRect(x(fact.start), height - 6, Math.max(2, x(fact.end - fact.start) - 1), 6);
    }
    for (const each of now.frames) {
      (each.scores || []).forEach((score, index) => {
        pen.fillStyle = colour(each.labels[index]);
        pen.fillRect(x(each.time) - 1.5, (1 - score) * (height - 4), 3, 4);
      });
    }
    if (frame) {
      pen.fillStyle = getComputedStyle($("use")).color;
      pen.fillRect(x(frame.time) - 1, 0, 2, height);
    }
  };

  const go = (time) => {
    let best = 0;
    now.frames.forEach((frame, index) => { if (frame.time <= time + 1e-6) best = index; });
    show(best, true);
  };

  const pause = () => { clearTimeout(playing); playing = null; $("play").textContent = "Play"; };
  const step = () => {
    const last = now.frames.length - 1;
    const index = at >= last ? 0 : at + 1;
    const wait = index ? (now.frames[index].time - now.frames[index - 1].time) * 1000 : 600;
    playing = setTimeout(() => { show(Math.min(index, now.frames.length - 1), true); step(); }, Math.min(1000, Math.max(30, wait)));
  };

  $("play").addEventListener("click", () => {
    if (playing) { pause(); return; }
    $("play").textContent = "Pause";
    step();
  });
  $("seek").addEventListener("input", () => { pause(); show(Number($("seek").value), true); });
  $("scores").addEventListener("click", (event) => {
    const box = $("scores").getBoundingClientRect();
    pause();
    go(((event.clientX - box.left) / box.width) * span());
  });
  $("boxes").addEventListener("mousemove", (event) => {
    const frame = now.frames[Number($("seek").value)];
    if (!frame || !frame.boxes) return;
    const box = $("boxes").getBoundingClientRect();
    const [left, top, w, h] = place(frame, box.width, box.height);
    const [x, y] = [(event.clientX - box.left - left) / w, (event.clientY - box.top - top) / h];
    const size = (index) => (frame.boxes[index][2] - frame.boxes[index][0]) * (frame.boxes[index][3] - frame.boxes[index][1]);
    const under = frame.boxes.map((_, index) => index).filter((index) => {
      const [x0, y0, x1, y1] = frame.boxes[index];
      return x0 <= x && x <= x1 && y0 <= y && y <= y1;
    });
    hovered = under.sort((a, b) => size(a) - size(b))[0] ?? -1; // the smallest, for it may lie in another one
    $("tip").hidden = hovered < 0;
    if (hovered >= 0) $("tip").textContent = `${words(frame, hovered)}: ${frame.boxes[hovered].map((edge) => edge.toFixed(3)).join(", ")}`;
    drawBoxes(frame);
  });
  $("boxes").addEventListener("mouseleave", () => { hovered = -1; $("tip").hidden = true; later(); });
  addEventListener("resize", later);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", later);

  const link = (text, name) => { $("link").textContent = text; $("link").className = `pill ${name}`; };
  const facts = new EventSource("/facts");
  facts.onopen = () => link("watching", "sent");
  facts.onerror = () => link("gone: is the command still running?", "held");
  facts.onmessage = (message) => { take(JSON.parse(message.data)); later(); };
  // Before it is there, nobody knows how large the stage is.
  $("picture").addEventListener("load", () => drawBoxes(now.frames[Number($("seek").value)]));
})();
