import { pk } from "../../functions/sessions/item-keys.ts";
import { REPLAY_SECONDS } from "../../functions/sessions/key-claim.ts";
import type { StudySession } from "../../functions/sessions/study-session.ts";
import type { Finding } from "./finding.ts";
import type { Inventory } from "./inventory.ts";

const timeOf = ({ created_at }: StudySession) => Date.parse(created_at);

const areOfOneUse = (earlier: StudySession, later: StudySession) =>
  timeOf(later) - timeOf(earlier) < REPLAY_SECONDS * 1000;

/**
 * Finds keys with two sessions within 24 hours. A record is written after `created_at` and kept for at least 24 hours,
 * so sessions that are further apart come from two valid uses of the key.
 */
export const findRepeatedKeys = ({ sessionsOfKeys }: Inventory): Finding[] =>
  [...sessionsOfKeys.values()].flatMap((sessions) => {
    const inOrder = sessions.toSorted((a, b) => timeOf(a) - timeOf(b));
    return inOrder.flatMap((later, index) => {
      const earlier = inOrder[index - 1];
      if (!earlier || !areOfOneUse(earlier, later)) return [];
      const keys = `${pk.studySession(earlier.id)} and ${pk.studySession(later.id)}`;
      return [{ message: `${keys} have the same idempotency key, and were created within 24 hours` }];
    });
  });
