// What can be chosen from? An element's own options, or the people and conversations of the workspace.

/**
 * The choices of an element: `groups` of options (`label`, `note`, and `value` as it stands in the state), the options
 * `chosen` at first, `many` for more than one, and `field`, the state's key.
 */
export function choicesOf(spec, surface) {
  const kind = spec.type.replace(/^multi_/, "");
  const many = kind !== spec.type || kind === "checkboxes";
  const noun = { users_select: "user", conversations_select: "conversation", channels_select: "channel" }[kind] ?? "option";
  const ending = many ? `${noun}s` : noun;
  const groups = groupsOf(kind, spec, surface);
  const first = [spec[`initial_${ending}`] ?? current(spec, surface) ?? []].flat();
  const options = groups.flatMap((group) => group.options);
  return {
    groups,
    options,
    many,
    field: `selected_${ending}`,
    chosen: options.filter((option) => first.some((one) => sameValue(one, option.value))),
  };
}

/** The state: one value or null, or a list of them. */
export function stateOf(choices, chosen) {
  const values = chosen.map((option) => option.value);
  return { [choices.field]: choices.many ? values : (values[0] ?? null) };
}

const sameValue = (one, other) => (one?.value ?? one) === (other?.value ?? other);

const current = (spec, surface) => (spec.default_to_current_conversation ? surface.conversation : null);

function groupsOf(kind, spec, surface) {
  switch (kind) {
    case "users_select":
      return [{ options: people(surface) }];
    case "conversations_select":
      return [{ options: conversations(surface, spec.filter?.include ?? ["public", "private", "im"]) }];
    case "channels_select":
      return [{ options: conversations(surface, ["public"]) }];
    default:
      return (spec.option_groups ?? [{ options: spec.options ?? [] }]).map((group) => ({
        label: group.label?.text,
        options: group.options.map((option) => ({
          label: option.text.text,
          text: option.text,
          note: option.description?.text,
          value: option,
        })),
      }));
  }
}

/** Everybody whose account is active. */
const people = (surface) =>
  surface.people
    .filter((person) => !person.deleted)
    .map((person) => ({ label: person.name, note: person.is_bot ? "app" : person.title, value: person.id }));

/** The conversations that Slack would offer: public ones, and private ones that the person is in. */
const conversations = (surface, include) =>
  surface.conversations
    .filter(({ kind, member }) => include.includes(FILTERS[kind]) && (kind !== "private" || member))
    .map(({ id, kind, name }) => ({
      label: kind === "dm" ? name : `#${name.replace(/^#/, "")}`,
      note: kind === "private" ? "private" : undefined,
      value: id,
    }));

const FILTERS = { channel: "public", private: "private", dm: "im" };
