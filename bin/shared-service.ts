import { type ServiceOptions, startLocalService } from "../lib/local/local-service.ts";
import { CallError } from "./command-line.ts";
import { resolveFile } from "./resolve-file.ts";

/**
 * Reads which portal the service shares its data with.
 * @throws CallError when the variable is empty
 */
const readPortalFile = ({ PORTAL_DB: file }: NodeJS.ProcessEnv) => {
  if (file === "") throw new CallError("PORTAL_DB is empty. Expected the portal's SQLite file");
  return file && resolveFile(file);
};

/**
 * Starts the service on this machine. If PORTAL_DB names a portal's file, the service shares its data with the portal,
 * which then owns the groups and study activities. The code for a portal is loaded only then.
 * @returns the service, and a text that says what is shared
 * @throws CallError when the variable is empty, PortalFileError when the file can't be used, and the errors of
 *   startLocalService
 */
export const startSharedService = async (options: ServiceOptions) => {
  const file = readPortalFile(process.env);
  if (file === undefined) return { ...(await startLocalService(options)), sharing: undefined };
  const { openPortalFile } = await import("./portal-sharing.ts");
  const { openStore, close, description } = await openPortalFile(file, options);
  try {
    const service = await startLocalService({ ...options, hasSamples: false, openStore });
    return { ...service, sharing: description };
  } catch (error) {
    await close();
    throw error;
  }
};
