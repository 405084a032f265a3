// What a page does beyond what it shows: tables sort, charts tell the value under the pointer or the arrow keys.
(() => {
  "use strict";

  function sortable(table) {
    const heads = [...table.tHead.rows[0].cells];
    const body = table.tBodies[0];
    const key = (row, column) => {
      const cell = row.cells[column];
      return cell.dataset.v === undefined ? cell.textContent.trim() : Number(cell.dataset.v);
    };
    function sort(column) {
      const rows = [...body.rows];
      const numbers = rows.some(row => typeof key(row, column) === "number");
      const before = heads[column].getAttribute("aria-sort");
      const up = before === "none" ? !numbers : before === "descending";
      const missing = value => typeof value === "number" ? Number.isNaN(value) : numbers;
      rows.sort((one, other) => {
        const a = key(one, column);
        const b = key(other, column);
        if (missing(a) || missing(b)) {
          return missing(a) - missing(b); // What has no value is last, whichever way.
        }
        const order = numbers ? a - b : a.localeCompare(b, "en", { numeric: true });
        return up ? order : -order;
      });
      body.append(...rows);
      heads.forEach(head => head.hasAttribute("aria-sort") && head.setAttribute("aria-sort", "none"));
      heads[column].setAttribute("aria-sort", up ? "ascending" : "descending");
    }
    heads.forEach((head, column) => {
      if (!head.textContent.trim() || body.rows.length < 2) {
        return;
      }
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...head.childNodes);
      head.append(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => sort(column));
    });
  }

  const tip = document.createElement("div");
  tip.id = "tip";
  tip.setAttribute("role", "status");
  document.body.append(tip);

  function tell(lines, x, y) {
    tip.replaceChildren(...lines.map(line => {
      const row = document.createElement("div");
      const name = document.createElement("span");
      if (line.color !== undefined) {
        const swatch = document.createElement("span");
        swatch.className = "swatch c" + line.color;
        name.append(swatch);
      }
      name.append(line.name);
      const value = document.createElement("span");
      value.textContent = line.value;
      row.append(name, value);
      return row;
    }));
    const box = tip.getBoundingClientRect();
    const left = x + 16 + box.width > innerWidth ? x - 16 - box.width : x + 16;
    tip.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, Math.min(y - 12, innerHeight - box.height - 4))}px)`;
  }

  function hush() {
    tip.replaceChildren();
  }

  /** Lets the arrow keys do what the pointer does, on a chart that can be focused. */
  function keyboard(svg, move, leave) {
    svg.setAttribute("tabindex", "0");
    svg.addEventListener("keydown", event => {
      const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
      if (step) {
        event.preventDefault();
        move(...step);
      } else if (event.key === "Home" || event.key === "End") {
        event.preventDefault();
        move(event.key === "Home" ? -Infinity : Infinity, 0);
      } else if (event.key === "Escape") {
        leave();
      }
    });
    svg.addEventListener("blur", leave);
    svg.addEventListener("pointerleave", leave);
  }

  function nearest(sorted, value) {
    let low = 0;
    let high = sorted.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      [low, high] = sorted[middle] <= value ? [middle, high] : [low, middle];
    }
    return value - sorted[low] <= sorted[high] - value ? low : high;
  }

  /** The value of every curve at the step under the pointer. */
  function curves(svg) {
    const data = JSON.parse(svg.dataset.curves);
    const steps = [...new Set(data.curves.flatMap(curve => curve.x))].sort((a, b) => a - b);
    const [low, high, from, to] = data.axis;
    const width = svg.viewBox.baseVal.width;
    const aim = document.createElementNS(svg.namespaceURI, "line");
    aim.setAttribute("class", "aim");
    let at = -1;
    function show(index, y) {
      at = Math.max(0, Math.min(steps.length - 1, index));
      const step = steps[at];
      const x = from + (step - low) / (high - low) * (to - from);
      const box = svg.getBoundingClientRect();
      aim.setAttribute("x1", x);
      aim.setAttribute("x2", x);
      aim.setAttribute("y1", data.top);
      aim.setAttribute("y2", data.bottom);
      svg.append(aim);
      const lines = data.curves.filter(curve => step >= curve.x[0] && step <= curve.x[curve.x.length - 1])
        .map(curve => ({ name: curve.name, color: curve.color, value: String(curve.y[nearest(curve.x, step)]) }));
      tell([{ name: data.unit + " " + step, value: "" }, ...lines], box.x + x / width * box.width, y);
    }
    function leave() {
      at = -1;
      aim.remove();
      hush();
    }
    svg.addEventListener("pointermove", event => {
      const box = svg.getBoundingClientRect();
      const x = (event.clientX - box.x) / box.width * width;
      show(nearest(steps, low + (x - from) / (to - from) * (high - low)), event.clientY);
    });
    keyboard(svg, by => show(at < 0 && Number.isFinite(by) ? (by > 0 ? 0 : steps.length - 1) : at + by, svg.getBoundingClientRect().y + 30), leave);
  }

  /** The case of the dot under the pointer, and the same case in the other rows. */
  function dots(svg) {
    const rows = [...svg.querySelectorAll("g.row")].map(row =>
      [...row.querySelectorAll(".dot")].sort((a, b) => a.cx.baseVal.value - b.cx.baseVal.value))
      .filter(row => row.length > 0);
    const all = rows.flat();
    const text = new Map(all.map(dot => [dot, dot.querySelector("title").textContent]));
    all.forEach(dot => dot.querySelector("title").remove()); // The page tells it itself, at once.
    let chosen = [0, -1];
    function show(dot) {
      all.forEach(other => other.classList.toggle("on", dot !== undefined && other.dataset.case === dot.dataset.case));
      if (dot === undefined) {
        hush();
        return;
      }
      const box = dot.getBoundingClientRect();
      const [name, value] = text.get(dot).split(/: (?=[^:]*$)/);
      tell([{ name, value }], box.x, box.y);
    }
    svg.addEventListener("pointermove", event => {
      const dot = all.find(one => one === event.target);
      show(dot);
    });
    /** The dot of the same case; where a row has none of it, the nearest. */
    function counterpart(row, dot) {
      const same = row.findIndex(other => other.dataset.case === dot.dataset.case);
      return same < 0 ? nearest(row.map(other => other.cx.baseVal.value), dot.cx.baseVal.value) : same;
    }
    keyboard(svg, (right, down) => {
      if (rows.length === 0) {
        return;
      }
      const row = Math.max(0, Math.min(rows.length - 1, chosen[0] + down));
      const dot = rows[chosen[0]][chosen[1]];
      const start = dot === undefined || down === 0 ? chosen[1] : counterpart(rows[row], dot);
      chosen = [row, Math.max(0, Math.min(rows[row].length - 1, start + right))];
      show(rows[row][chosen[1]]);
    }, () => show(undefined));
  }

  document.querySelectorAll("table.sortable").forEach(sortable);
  document.querySelectorAll("svg[data-curves]").forEach(curves);
  document.querySelectorAll("svg.dots").forEach(dots);

  const opened = [];
  addEventListener("beforeprint", () => document.querySelectorAll("details:not([open])").forEach(details => {
    details.open = true;
    opened.push(details);
  }));
  addEventListener("afterprint", () => opened.splice(0).forEach(details => {
    details.open = false;
  }));
})();
