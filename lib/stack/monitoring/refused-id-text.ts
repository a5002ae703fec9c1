/** What the function logs when another request's session already has an id that the counter has just given out. */
export const REFUSED_ID_TEXT = "belongs to another request";
