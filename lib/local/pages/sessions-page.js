import { createReferences } from "./references.js";
import { ResponseError } from "./service.js";
import { createSessionForm } from "./session-form.js";
import { createSessionList } from "./session-list.js";

const POLL_MS = 2000;
/** Every failure is printed in the terminal of the service. */
const RETRY_MS = 5000;

const problem = document.querySelector("#problem");

const showProblem = (text) => {
  // A text that stays is not announced again.
  if (problem.textContent !== text) problem.textContent = text;
  problem.hidden = text === "";
};

const describeProblem = (error) =>
  error instanceof ResponseError
    ? `The service responds with ${error.message}. This page tries again.`
    : "The service does not respond. Start it with npm start. This page then continues by itself.";

const references = createReferences({
  onChange: (all) => {
    form.setReferences(all);
    list.showNames();
  },
});
const list = createSessionList(references);

let turn = Promise.resolve();
let timer;

/** Shows sessions, once the earlier calls are done. Then looks for new sessions now and then. */
const show = (showSessions) => {
  turn = turn.then(async () => {
    clearTimeout(timer);
    let delay = POLL_MS;
    try {
      await references.loadFor(await showSessions());
      showProblem("");
    } catch (error) {
      showProblem(describeProblem(error));
      delay = RETRY_MS;
    }
    timer = setTimeout(look, delay);
  });
  return turn;
};

/** Nobody sees a hidden page: the page looks when it is visible again. */
const look = () => document.hidden || show(list.showNewest);

const form = createSessionForm({ onResponse: look });
document.querySelector("#older").addEventListener("click", () => show(list.showOlder));
document.addEventListener("visibilitychange", look);
look();
