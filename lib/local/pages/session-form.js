import { send } from "./service.js";

const PATH = "/api/study-sessions";
/** A response that is faster than this needs no "Sending…". */
const PATIENCE_MS = 300;

const form = document.querySelector("#start");
const again = document.querySelector("#again");
const response = document.querySelector("#response");
const [statusText, summary, body, key] = ["status", "summary", "body", "key"].map((part) =>
  document.querySelector(`#response-${part}`),
);

/** `crypto.randomUUID` does not exist where the page is not on localhost and not on HTTPS. */
const createKey = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

const readIds = () => ({
  group_id: Number(form.group_id.value),
  study_activity_id: Number(form.study_activity_id.value),
});

const createRequest = () => ({
  method: "POST",
  headers: { "Content-Type": "application/json", "Idempotency-Key": createKey() },
  body: JSON.stringify(readIds()),
});

const showCurl = () => {
  document.querySelector("#request").hidden = false;
  document.querySelector("#curl").textContent = [
    "curl -X POST \\",
    `  "${location.origin}${PATH}" \\`,
    `  -H "Content-Type: application/json" \\`,
    `  -d '${JSON.stringify(readIds())}'`,
  ].join("\n");
};

const showSending = () => {
  statusText.className = "";
  statusText.textContent = "Sending…";
  summary.textContent = "";
};

const showResponse = ({ isGood, status, text, json }) => {
  response.hidden = false;
  statusText.className = isGood ? "good" : "bad";
  statusText.textContent = status;
  summary.textContent = text;
  body.hidden = json === undefined;
  body.textContent = JSON.stringify(json, undefined, 2);
};

const describe = ({ status, headers, body: { id, error, message } }) => {
  if (status !== 201) return error ?? message;
  return headers.has("Idempotent-Replayed")
    ? `Sent again: same session ${id}, nothing was doubled.`
    : `Session ${id} was created.`;
};

const showNoResponse = () =>
  showResponse({
    isGood: false,
    status: "No response",
    text: "It is not known whether the session was created. It is safe to send the request again.",
  });

const setOptions = (select, references, kind) => {
  const { value } = select;
  select.replaceChildren(...references.map(({ id, name }) => new Option(name || `${kind} ${id}`, id)));
  if (references.some(({ id }) => String(id) === value)) select.value = value;
  select.disabled = false;
};

/** Creates the form that starts a session and shows the response. */
export const createSessionForm = ({ onResponse }) => {
  let request;
  let isSending = false;

  const sendRequest = async () => {
    if (isSending) return;
    isSending = true;
    const sending = setTimeout(showSending, PATIENCE_MS);
    try {
      const received = await send(PATH, request);
      const { status, statusText: name, body: json } = received;
      showResponse({ isGood: status === 201, status: `${status} ${name}`, text: describe(received), json });
    } catch {
      showNoResponse();
    }
    clearTimeout(sending);
    key.textContent = request.headers["Idempotency-Key"];
    isSending = false;
    onResponse();
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (isSending) return;
    request = createRequest();
    sendRequest();
  });
  form.addEventListener("change", showCurl);
  again.addEventListener("click", sendRequest);

  return {
    setReferences: ({ groups, study_activities }) => {
      setOptions(form.group_id, groups, "Group");
      setOptions(form.study_activity_id, study_activities, "Study activity");
      form.send.disabled = false;
      showCurl();
    },
  };
};
