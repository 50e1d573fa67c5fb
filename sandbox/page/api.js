// Speaks with the sandbox: a few JSON addresses on the same server.

/** A refusal by the server itself, with its HTTP status. A lost connection is a TypeError of fetch instead. */
export class Refused extends Error {
  constructor(status, words) {
    super(words);
    this.status = status;
  }
}

async function fetched(address, options) {
  const answer = await fetch(address, { cache: "no-store", ...options });
  if (!answer.ok) throw new Refused(answer.status, `${address}: ${answer.status}`);
  return answer;
}

const ask = async (address, options = {}) => (await fetched(address, options)).json();

const post = (address, body, options = {}) =>
  fetched(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), ...options });

const tell = async (address, body) => (await post(address, body)).json();

const at = encodeURIComponent;

export const everyone = () => ask("/people");
export const viewOf = (person) => ask(`/view/${at(person)}`);

/** Answers once the workspace is newer than `version`, or after about 25 seconds. */
export const changed = (version, signal) => ask(`/changes?after=${at(version)}`, { signal });

/** One deed of a person: command, press, submit, close, home or read. */
export const act = (person, deed, body = {}) => tell(`/act/${at(person)}/${deed}`, body);

/** The bot's clock, or null where none is connected. */
export async function clock() {
  try {
    return await ask("/clock");
  } catch (problem) {
    if (problem instanceof Refused) return null;
    throw problem;
  }
}

/** Walks the clock forward. `step(time)` hears of each step; aborting `signal`, or closing the page, ends the walk. */
export async function walk(seconds, step, signal) {
  const answer = await post("/clock", { walk_seconds: seconds }, { signal });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (rest + part.value).split("\n");
    rest = lines.pop();
    for (const line of lines) step(JSON.parse(line));
  }
}
