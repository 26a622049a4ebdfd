// One HTTP/1.1 connection that asks one thing at a time and is strict about what comes back. A pod that has nothing but Node runs it, and it sees what
// libraries hide: an answer that nobody asked for, and an answer that was cut.
import { connect } from 'node:net';

export class HttpConnection {
  #options;
  #socket;
  #received = Buffer.alloc(0);
  #pending;

  /** @param options `{host, port, timeoutMs, onExtra(text)}`: `onExtra` gets bytes behind an answer, which are an answer too many. */
  constructor(options) {
    this.#options = options;
  }

  /**
   * Sends a request and gives `{status, headers, body}`. Rejects with a text when there will be no whole answer: `lost: …`, or `not sent: …`
   * when no byte of the request has left.
   */
  async request(method, path, headers, body = '') {
    const socket = await this.#open();
    const { host, timeoutMs } = this.#options;
    const fields = { host, ...headers, ...(body === '' ? {} : { 'content-length': Buffer.byteLength(body) }) };
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    const { promise, resolve, reject } = Promise.withResolvers();
    this.#pending = { resolve, reject: (text) => reject(new Error(text)), head: method === 'HEAD' };
    const timer = setTimeout(() => this.#fail(`no answer within ${timeoutMs} ms`), timeoutMs);
    socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
    return promise.finally(() => clearTimeout(timer));
  }

  close() {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  async #open() {
    if (this.#socket !== undefined) return this.#socket;
    const { host, port, timeoutMs } = this.#options;
    const socket = connect({ host, port, noDelay: true });
    this.#received = Buffer.alloc(0);
    const { promise, resolve, reject } = Promise.withResolvers();
    const timer = setTimeout(() => socket.destroy(new Error(`no connection within ${timeoutMs} ms`)), timeoutMs);
    socket.once('connect', resolve);
    socket.once('error', (error) => reject(new Error(`not sent: ${error.message}`)));
    await promise.finally(() => clearTimeout(timer));
    socket.on('error', () => {}); // `close` follows and says it
    socket.on('data', (chunk) => this.#take(socket, chunk));
    socket.on('end', () => socket.end());
    socket.on('close', () => this.#closed(socket));
    this.#socket = socket;
    return socket;
  }

  #take(socket, chunk) {
    if (socket !== this.#socket) return;
    this.#received = Buffer.concat([this.#received, chunk]);
    try {
      this.#readAnswers();
    } catch (error) {
      this.#fail(error.message);
    }
  }

  #readAnswers() {
    while (this.#pending !== undefined) {
      const answer = readAnswer(this.#received, this.#pending.head);
      if (answer === undefined) return;
      this.#received = this.#received.subarray(answer.end);
      if (answer.status < 200) continue; // an interim answer
      if (answer.headers.connection === 'close') this.#socket = undefined;
      const { resolve } = this.#pending;
      this.#pending = undefined;
      resolve(answer);
    }
    if (this.#received.length === 0) return;
    this.#options.onExtra(this.#received.toString('latin1').slice(0, 200));
    this.close();
  }

  #closed(socket) {
    if (socket !== this.#socket) return;
    this.#socket = undefined;
    this.#fail(`the connection closed after ${this.#received.length} bytes of an answer`);
  }

  #fail(text) {
    const pending = this.#pending;
    this.#pending = undefined;
    this.close();
    pending?.reject(`lost: ${text}`);
  }
}

/** The first whole answer in these bytes, or undefined. `end` is where the next begins. */
function readAnswer(bytes, isHead) {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const [statusLine, ...lines] = bytes.toString('latin1', 0, headEnd).split('\r\n');
  const status = Number(/^HTTP\/1\.1 ([1-5][0-9]{2})\b/.exec(statusLine)?.[1]);
  if (!status) throw new Error(`not an answer: ${statusLine}`);
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const start = headEnd + 4;
  if (isHead || status < 200 || status === 204 || status === 304) return { status, headers, body: '', end: start };
  if (headers['transfer-encoding'] === 'chunked') return readChunked(bytes, start, status, headers);
  const end = start + Number(headers['content-length']);
  if (Number.isNaN(end)) throw new Error(`an answer of unknown length: ${statusLine}`);
  return bytes.length < end ? undefined : { status, headers, body: bytes.toString('utf8', start, end), end };
}

function readChunked(bytes, start, status, headers) {
  const parts = [];
  for (let at = start; ; ) {
    const line = bytes.indexOf('\r\n', at);
    if (line < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16);
    if (Number.isNaN(size)) throw new Error('a chunk without a size');
    const end = line + 2 + size;
    if (bytes.length < end + 2) return undefined;
    if (size === 0) return { status, headers, body: Buffer.concat(parts).toString(), end: end + 2 };
    parts.push(bytes.subarray(line + 2, end));
    at = end + 2;
  }
}
