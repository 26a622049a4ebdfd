// What a load has seen, as a JSON line a second: for each shard the good answers, the errors, the wrong answers and the slowest in ms; how many
// connections broke; and the errors by their text.

export class Seconds {
  #shards;
  #now;

  /** @param shards the names of all that are counted */
  constructor(shards) {
    this.#shards = shards;
    this.#now = this.#empty();
    setInterval(() => {
      console.log(JSON.stringify(this.#now));
      this.#now = this.#empty();
    }, 1000);
  }

  /** @param since when the request was sent (`performance.now()`); `error` is undefined for an answer */
  count(shard, since, error, wrong) {
    const own = this.#now.shards[shard];
    own.slowest = Math.max(own.slowest, Math.round(performance.now() - since));
    if (error !== undefined) {
      own.errors += 1;
      this.#now.texts[error] = (this.#now.texts[error] ?? 0) + 1;
    } else if (wrong) own.wrong += 1;
    else own.ok += 1;
  }

  connectionBroke() {
    this.#now.broken += 1;
  }

  #empty() {
    const none = () => ({ ok: 0, errors: 0, wrong: 0, slowest: 0 });
    return {
      at: Date.now(),
      broken: 0,
      texts: {},
      shards: Object.fromEntries(this.#shards.map((name) => [name, none()])),
    };
  }
}
