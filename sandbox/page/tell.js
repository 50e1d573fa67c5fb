// What is the reader told beside the conversation? A line where something failed, and quiet news for screen readers.

const line = document.getElementById("notice");
const modal = document.getElementById("modal");

export const LOST = "The sandbox isn’t answering. This page keeps trying.";

/** A line that stays until the next deed; no words take it away. */
export function notice(words) {
  // What lies outside an open dialog is inert, so the line stands inside it.
  const around = modal.open ? modal : document.body;
  if (line.parentElement !== around) around.append(line);
  line.textContent = words;
}

/** The sandbox answers again. */
export function found() {
  if (line.textContent === LOST) notice("");
}

/** Why a deed did not go through. The sandbox's own words, where it has some. */
export function refused(words) {
  const isSentence = words && /\s/.test(words);
  notice(isSentence ? words : `HTA Bot did not answer${words ? ` (${words})` : ""}. Please try again.`);
}

/** For screen readers only. */
export function announce(words) {
  document.getElementById("news").textContent = words;
}
