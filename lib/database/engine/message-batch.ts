/**
 * Posts the messages of one turn of the event loop together: waking the other thread costs more than a message.
 * @param post - called with the messages in their order
 */
export const createBatchPost = <T>(post: (batch: readonly T[]) => void) => {
  let batch: T[] = [];
  const flush = () => {
    const messages = batch;
    batch = [];
    post(messages);
  };
  return (message: T) => {
    if (batch.push(message) === 1) setImmediate(flush);
  };
};
