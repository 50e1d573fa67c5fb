// What has been typed or chosen? Each field's state as Slack reports it, found by where the field stands on the page.

const states = new WeakMap();

/** From now on `node` is the field `action` of `block`, and `read()` gives its state without the type. */
export function remember(node, block, spec, read) {
  node.dataset.block = block;
  node.dataset.action = spec.action_id ?? "";
  if (read) states.set(node, { type: spec.type, read });
  return node;
}

/** The state of everything in `root`: `{block_id: {action_id: {type, ...}}}`. */
export function valuesIn(root) {
  const values = {};
  for (const node of root.querySelectorAll("[data-action]")) {
    const field = states.get(node);
    if (!field) continue;
    const { block, action } = node.dataset;
    values[block] = { ...values[block], [action]: { type: field.type, ...field.read() } };
  }
  return values;
}

/** Whether nothing was typed or chosen in a state. */
export function isEmpty({ type: _, ...state }) {
  return Object.values(state).every((value) => value === null || value === "" || value?.length === 0);
}
