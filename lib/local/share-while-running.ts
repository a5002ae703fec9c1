/** @returns a function whose calls share one run of `read` for as long as the run takes */
export const shareWhileRunning = <T>(read: () => Promise<T>) => {
  let running: Promise<T> | undefined;
  return () => {
    running ??= read().finally(() => {
      running = undefined;
    });
    return running;
  };
};
