import { Presets, SingleBar } from "cli-progress";

const startBar = (total: number, what: string) => {
  const format = `{bar} {percentage}%  {value} of {total} ${what}, {eta_formatted} to go`;
  // What is graceful about its exit is that Ctrl-C ends the bar and nothing else.
  const options = { format, stream: process.stdout, gracefulExit: false };
  const bar = new SingleBar(options, Presets.shades_classic);
  bar.start(total, 0);
  return { update: (done: number) => bar.update(done), stop: () => bar.stop() };
};

const startLines = (total: number, what: string) => {
  let tenths = 0;
  const update = (done: number) => {
    const reached = Math.floor((done * 10) / total);
    if (reached === tenths) return;
    tenths = reached;
    console.log(`${done} of ${total} ${what}`);
  };
  return { update, stop: () => {} };
};

/** Shows how far a command is: as a bar on a terminal, and as a line for each tenth elsewhere. */
export const startProgress = (total: number, what: string) =>
  process.stdout.isTTY && total > 0 ? startBar(total, what) : startLines(total, what);
