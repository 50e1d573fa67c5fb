// How do marks in a line become nodes? Rules are tried at each place, in order; what none wants is text.

/**
 * The nodes of `text`. A rule is `[pattern, draw]`: the pattern is sticky (flag y), and `draw(match, within)` gives a node
 * or a string, where `within(text)` are the nodes of a part.
 */
export function inline(text, rules) {
  const within = (part) => inline(part, rules);
  const nodes = [];
  let words = "";
  let at = 0;
  while (at < text.length) {
    const found = firstMatch(text, at, rules);
    if (found) {
      const node = found.draw(found.match, within);
      at += found.match[0].length;
      if (typeof node === "string") {
        words += node;
      } else {
        nodes.push(words, node);
        words = "";
      }
    } else {
      words += text[at];
      at += 1;
    }
  }
  return [...nodes, words].filter((node) => node !== "");
}

function firstMatch(text, at, rules) {
  for (const [pattern, draw] of rules) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) return { match, draw };
  }
  return null;
}

/** Runs of lines of the same kind, as `{ kind, lines }`. `kindOf(line)` names the kind. */
export function runs(lines, kindOf) {
  const found = [];
  for (const line of lines) {
    const kind = kindOf(line);
    if (found.at(-1)?.kind === kind) found.at(-1).lines.push(line);
    else found.push({ kind, lines: [line] });
  }
  return found;
}
