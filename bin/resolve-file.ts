import { dirname, isAbsolute, relative, resolve } from "node:path";

/**
 * Returns the path of a file that the user named. npm runs a script in the project's folder, wherever the user stands,
 * and tells the script in INIT_CWD where that is.
 */
export const resolveFile = (file: string) => {
  const { INIT_CWD: userFolder, npm_package_json: manifest = "" } = process.env;
  const isRunByNpm = userFolder !== undefined && dirname(manifest) === process.cwd();
  return isRunByNpm && !isAbsolute(file) ? relative(".", resolve(userFolder, file)) : file;
};
