/**
 * A function that starts `work` unless it runs already; asked for meanwhile, it runs once more right after, so that what changed during a run is
 * seen. `work` must not throw.
 */
export function coalesce(work: () => Promise<void>): () => void {
  let running = false;
  let again = false;
  return () => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    void (async () => {
      do {
        again = false;
        await work();
      } while (again);
      running = false;
    })();
  };
}
