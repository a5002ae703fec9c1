/** A command with a smaller total ends before anyone reads its progress. */
const WORTH_A_LINE = 1000;

/**
 * Prints progress: one line for each tenth, and none when `total` is below 1,000.
 * @returns a function to call with the number of `total` that is done
 */
export const createProgressPrinter = (total: number, what: string) => {
  if (total < WORTH_A_LINE) return () => {};
  let printedTenths = 0;
  return (done: number) => {
    const tenths = Math.floor((done * 10) / total);
    if (tenths === printedTenths) return;
    printedTenths = tenths;
    console.log(`${done} of ${total} ${what}`);
  };
};

/**
 * Prints progress when the total is unknown: one line for each `step`.
 * @returns a function to call with the number that is done
 */
export const createCountPrinter = (step: number, what: string) => {
  let printedSteps = 0;
  return (done: number) => {
    const steps = Math.floor(done / step);
    if (steps === printedSteps) return;
    printedSteps = steps;
    console.log(`${done} ${what}`);
  };
};
