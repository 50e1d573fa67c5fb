// Where does a block stand, and who sees it? The names that it may mention, what can be chosen in it, and where a press goes.

import { valuesIn } from "./fields.js";

/**
 * What blocks need to know about their place. `container` is the message or view, as the server names it; `root()` is the
 * node whose fields are its state; `deed(name, body)` does something as the person and says whether it went through.
 */
export function surfaceOf({ view, everyone, conversation, container, root, deed }) {
  return {
    names: { people: view.people, channels: view.channels, groups: view.groups },
    people: everyone,
    conversations: view.conversations,
    conversation,
    press: (block, action, selection) =>
      deed("press", { container, block_id: block, action_id: action, selection, values: valuesIn(root()) }),
  };
}
