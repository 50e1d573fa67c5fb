// How does the page speak with the sandbox? A few JSON addresses on the same server.

/** A refusal by the server itself, with its HTTP status. A lost connection is a TypeError of fetch instead. */
export class Refused extends Error {
  constructor(status, words) {
    super(words);
    this.status = status;
  }
}

async function ask(address, options = {}) {
  const answer = await fetch(address, { cache: "no-store", ...options });
  if (!answer.ok) throw new Refused(answer.status, `${address}: ${answer.status}`);
  return answer.json();
}

const tell = (address, body) =>
  ask(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

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

export const advance = (seconds) => tell("/clock", { advance_seconds: seconds });
