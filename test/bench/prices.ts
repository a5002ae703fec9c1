/** AWS's list prices for us-east-1 (November 2026), and the estimates of the README. */
const GATEWAY = 1;
const FUNCTION_REQUESTS = 0.2;
const GB_SECOND = 0.0000133334;
const FUNCTION_SECONDS = 0.02;
const FUNCTION_GB = 1;
const WRITE_UNITS = 0.625;
const READ_UNITS = 0.125;
const LOG_GB = 0.5;
const LOG_KB = 1.4;

/** US dollars, item by item, for a million requests of which each takes so many units of the table. */
export const dollarsPerMillion = (writeUnits: number, readUnits: number) => {
  const items = {
    gateway: GATEWAY,
    "function requests": FUNCTION_REQUESTS,
    "function time": 1e6 * FUNCTION_SECONDS * FUNCTION_GB * GB_SECOND,
    "table writes": writeUnits * WRITE_UNITS,
    "table reads": readUnits * READ_UNITS,
    logs: LOG_KB * LOG_GB,
  };
  return { ...items, together: Object.values(items).reduce((sum, next) => sum + next, 0) };
};
