// CommonJS, which every Node can load: an older one fails at the TypeScript that would say this.
if (!process.features.typescript) {
  const hint = 'Install it. On Linux and Windows "npm ci" brings it for the npm scripts';
  console.error(`Node 22.18 or newer is needed, but this is ${process.version}. ${hint}`);
  process.exit(1);
}
