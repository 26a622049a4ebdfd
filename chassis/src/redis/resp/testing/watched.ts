/** A buffer that knows which of its bytes were looked at one by one; what the runtime's own functions read is not seen. */
export class Watched {
  /** Looks, the same byte several times included. */
  reads = 0;
  readonly buffer: Buffer;

  constructor(bytes: Buffer) {
    this.buffer = new Proxy(bytes, {
      get: (target, key) => {
        if (typeof key === 'string' && /^\d+$/.test(key)) this.reads++;
        return Reflect.get(target, key);
      },
    });
  }
}
