import { existsSync } from "node:fs";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/**
 * @returns the path of a Chromium or Chrome: the one in CHROMIUM_PATH, or else where they are usually installed
 * @throws Error that says what to install
 */
export const findChromium = () => {
  const { CHROMIUM_PATH } = process.env;
  const found = (CHROMIUM_PATH ? [CHROMIUM_PATH] : PLACES).find((path) => existsSync(path));
  if (found !== undefined) return found;
  const reason = CHROMIUM_PATH ? `There is no ${CHROMIUM_PATH}` : "There is no Chromium or Chrome";
  throw new Error(`${reason}. Install one (Debian: apt-get install chromium) or name it in CHROMIUM_PATH`);
};
