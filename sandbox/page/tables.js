// How are table and data_table drawn? As real tables that scroll sideways by themselves; data_table sorts, filters and pages.

import { freshId, h } from "./dom.js";
import { richText } from "./rich_text.js";

/** The native table: its first row is its heads. */
export function table(block, names) {
  const settings = block.column_settings ?? [];
  const side = (column) => [settings[column]?.align ?? "left", settings[column]?.is_wrapped && "wrapped"].filter(Boolean).join(" ");
  const [heads, ...rows] = block.rows;
  return scrolling(
    "Table",
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, ...heads.map((cell, at) => h("th", { scope: "col", class: side(at) }, ...inside(cell, names))))),
      h("tbody", {}, ...rows.map((row) => bodyRow(row, names, 0, side))),
    ),
  );
}

/** The data table: heads sort, a box filters, long ones have pages. */
export function dataTable(block, names) {
  const [heads, ...rows] = block.rows;
  const size = block.page_size ?? rows.length;
  const shown = { sortedBy: null, down: false, words: "", page: 0 };
  const figures = heads.map((_, at) => rows.length > 0 && rows.every((row) => row[at].type === "raw_number"));
  const side = (column) => (figures[column] ? "right" : null);
  const body = h("tbody");
  const columns = heads.map((cell, at) =>
    h(
      "th",
      { scope: "col", class: side(at) },
      h("button", { type: "button", class: "sort", onclick: () => sortBy(at) }, ...inside(cell, names)),
    ),
  );
  const where = h("span", { "aria-live": "polite" });
  const turn = (by) => () => draw((shown.page += by));
  const back = h("button", { type: "button", class: "small", onclick: turn(-1) }, "Previous");
  const on = h("button", { type: "button", class: "small", onclick: turn(1) }, "Next page");
  const pages = h("p", { class: "pages" }, back, where, on);
  const filterId = freshId();
  const filter = h("input", {
    id: filterId,
    class: "field",
    type: "search",
    oninput: () => draw((shown.words = filter.value.toLowerCase()), (shown.page = 0)),
  });

  function sortBy(column) {
    shown.down = shown.sortedBy === column && !shown.down;
    shown.sortedBy = column;
    columns.forEach((head, at) =>
      at === column ? head.setAttribute("aria-sort", shown.down ? "descending" : "ascending") : head.removeAttribute("aria-sort"),
    );
    draw();
  }

  function draw() {
    const found = rows.filter((row) => row.some((cell) => words(cell, names).toLowerCase().includes(shown.words)));
    if (shown.sortedBy !== null) found.sort((one, other) => order(one[shown.sortedBy], other[shown.sortedBy], names));
    if (shown.down) found.reverse();
    const count = Math.max(1, Math.ceil(found.length / size));
    shown.page = Math.min(shown.page, count - 1);
    const page = found.slice(shown.page * size, (shown.page + 1) * size);
    body.replaceChildren(...page.map((row) => bodyRow(row, names, block.row_header_column_index ?? 0, side)));
    where.textContent = found.length ? `Page ${shown.page + 1} of ${count}` : "Nothing found";
    back.disabled = shown.page === 0;
    on.disabled = shown.page >= count - 1;
    pages.hidden = count === 1 && found.length > 0;
  }

  draw();
  return h(
    "div",
    { class: "data-table" },
    rows.length > 5 && h("p", { class: "filter" }, h("label", { for: filterId }, "Filter"), filter),
    scrolling(block.caption, h("table", {}, h("caption", {}, block.caption), h("thead", {}, h("tr", {}, ...columns)), body)),
    pages,
  );
}

const scrolling = (name, drawn) => h("div", { class: "table", role: "region", tabindex: "0", "aria-label": name }, drawn);

const inside = (cell, names) => (cell.type === "rich_text" ? richText(cell, names) : [cell.text]);

const words = (cell, names) => h("div", {}, ...inside(cell, names)).textContent;

const bodyRow = (row, names, header, side) =>
  h(
    "tr",
    {},
    ...row.map((cell, at) =>
      at === header
        ? h("th", { scope: "row", class: side(at) }, ...inside(cell, names))
        : h("td", { class: side(at) }, ...inside(cell, names)),
    ),
  );

function order(one, other, names) {
  if (one.type === "raw_number" && other.type === "raw_number") return one.value - other.value;
  return words(one, names).localeCompare(words(other, names), "en", { numeric: true });
}
