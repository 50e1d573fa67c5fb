// How are nodes made and kept? With text and attributes alone, so that no name or message can become code.

/** A node. Attributes that begin with "on" are listeners; null, undefined and false leave an attribute or a child out. */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

let count = 0;

/** An id that no other node of this page has. */
export function freshId() {
  count += 1;
  return `n${count}`;
}

const drawn = new WeakMap();

/**
 * Makes `parent` show `items`, in order. A node whose item is the same as before stays untouched, and with it its focus,
 * an open select and what was typed. One that changed is built anew, and gets the focus back if it had it.
 * Says whether anything changed.
 */
export function keep(parent, items, { key, build }) {
  const before = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  let isChanged = before.size > items.length;
  const wanted = items.map((item, index) => {
    const name = String(key(item, index));
    const signature = JSON.stringify(item);
    const old = before.get(name);
    before.delete(name);
    if (old && drawn.get(old) === signature) return old;
    isChanged = true;
    const fresh = build(item, index);
    fresh.dataset.key = name;
    drawn.set(fresh, signature);
    if (old) replace(old, fresh);
    return fresh;
  });
  for (const gone of before.values()) gone.remove();
  wanted.forEach((node, index) => {
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
  });
  return isChanged;
}

/** Puts `fresh` in the place of `old`; the focus goes to what can do the same thing, else to the whole. */
function replace(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  old.replaceWith(fresh);
  if (!focused) return;
  const { block, action } = focused.closest("[data-action]")?.dataset ?? {};
  const alike = [...fresh.querySelectorAll("[data-action]")].filter((node) => node.dataset.action === action);
  const heir = alike.find((node) => node.dataset.block === block) ?? alike[0];
  if (!heir) fresh.tabIndex = -1;
  (heir ? focusable(heir) : fresh).focus({ preventScroll: true });
}

const CAN_FOCUS = "button, input, select, textarea, a[href], [tabindex]";

/** `node`, or the first thing in it, that takes the focus. */
export function focusable(node) {
  return node.matches(CAN_FOCUS) ? node : (node.querySelector(CAN_FOCUS) ?? node);
}

/** An address that may be followed, or null: no `javascript:` and no `data:`. */
export function safeAddress(address) {
  const scheme = URL.canParse(address) ? new URL(address).protocol : "";
  return ["http:", "https:", "mailto:", "tel:"].includes(scheme) ? address : null;
}

/** A link out, or its bare words where the address may not be followed. */
export function link(address, words) {
  const safe = safeAddress(address);
  const shown = words.length ? words : [address];
  return safe ? h("a", { href: safe, target: "_blank", rel: "noopener noreferrer" }, ...shown) : h("span", {}, ...shown);
}
