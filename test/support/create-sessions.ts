import * as v from "valibot";
import { StudySession } from "../../functions/sessions/study-session.ts";
import { VALID } from "./events.ts";
import { createRequest } from "./requests.ts";
import { sendToHandler } from "./send.ts";
import { createService } from "./service.ts";

interface Options {
  readonly endpoint: string;
  readonly tableName: string;
  readonly count?: number;
  readonly members?: Partial<typeof VALID> | Readonly<Record<string, number>>;
  readonly idBlockSize?: number;
}

/** Creates sessions as the service does. @returns the sessions */
export const createSessions = async ({
  endpoint,
  tableName,
  count = 1,
  members = {},
  idBlockSize = 1,
}: Options) => {
  const { client, handler } = createService(endpoint, tableName, { idBlockSize });
  const send = sendToHandler(handler);
  const body = JSON.stringify({ ...VALID, ...members });
  const sessions: StudySession[] = [];
  while (sessions.length < count) {
    const response = await send({ ...createRequest(), body });
    sessions.push(v.parse(StudySession, JSON.parse(response.body)));
  }
  client.destroy();
  return sessions;
};
