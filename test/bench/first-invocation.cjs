// Loads a bundle as Lambda does (an ES module by import, else by require), and invokes it once. Prints the milliseconds
// until the handler was there, and until it had answered. Not in TypeScript: taking off the types would warm Node up.
const { pathToFileURL } = require("node:url");

const [path, name, event] = process.argv.slice(2);
const context = { awsRequestId: "bench", getRemainingTimeInMillis: () => 6000 };

const measure = async () => {
  const url = pathToFileURL(path);
  const isModule = path.endsWith(".mjs");
  const request = JSON.parse(event);
  const startedAt = performance.now();
  const { [name]: handler } = isModule ? await import(url) : require(path);
  const loadedAt = performance.now();
  const { statusCode, body } = await handler(request, context);
  const answeredAt = performance.now();
  if (statusCode !== 201) throw new Error(`${path} answered ${statusCode} ${body}`);
  console.log(JSON.stringify({ load: loadedAt - startedAt, first201: answeredAt - startedAt }));
  process.exit();
};

measure();
