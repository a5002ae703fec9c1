import type { HttpResponse } from "./send.ts";

export interface Outcome {
  readonly hasKey: boolean;
  /** The responses in the order in which they came. A process that died gave none. */
  readonly responses: readonly (HttpResponse | undefined)[];
  /** The stored sessions, each as the body of the response that created it. */
  readonly stored: readonly string[];
}

/** @returns which promises of the service the outcome of a scenario breaks */
export const findProblems = ({ hasKey, responses, stored }: Outcome) => {
  const received = responses.filter((response) => response !== undefined);
  const created = received.filter(({ status }) => status === 201).map(({ body }) => body);
  const different = new Set(created).size;
  return [
    received.some(isOutsideContract) && "a response that is not in the contract",
    responses.at(-1)?.status !== 201 && "a quiet retry that fails",
    created.some((body) => !stored.includes(body)) && "a 201 for a session that is not stored as it says",
    hasKey && different > 1 && "different responses to one key",
    hasKey && stored.length !== 1 && `${stored.length} sessions for one key`,
    !hasKey && different < created.length && "one session for two requests",
    !hasKey && stored.length > responses.length && "more sessions than requests",
  ].filter((problem) => problem !== false);
};

const FAILURES = new Map<number | undefined, string>([
  [500, '{"error":"Database error: the study session could not be saved"}'],
  [503, '{"error":"Service is busy, try again"}'],
]);

const isOutsideContract = ({ status, body }: HttpResponse) => status !== 201 && FAILURES.get(status) !== body;
