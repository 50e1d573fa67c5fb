// What a block needs to know of its place: the names that it may mention, what can be chosen in it, and where a press goes.

import { valuesIn } from "./fields.js";

/**
 * `container` is the message or view, as the server names it; `root()` is the node whose fields are its state;
 * `deed(name, body, words)` does something as the person, in these words, and says whether it went through.
 */
export function surfaceOf({ view, everyone, conversation, container, root, deed }) {
  return {
    names: { people: view.people, channels: view.channels, groups: view.groups },
    people: everyone,
    conversations: view.conversations,
    conversation,
    press: (block, action, selection, words) =>
      deed("press", { container, block_id: block, action_id: action, selection, values: valuesIn(root()) }, words),
  };
}
