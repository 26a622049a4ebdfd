import { Connection, encode } from './connection.ts';
import { exceptionFor } from './exceptions.ts';
import { type Reply, render, renderUnordered } from './reply.ts';
import type { Line, Script } from './script.ts';

/** Whether the lines are sent one by one, each after the answer before, or all in one write. */
export type Pace = 'one by one' | 'pipelined';

/** A line that was answered differently. */
export interface Mismatch {
  readonly line: string;
  readonly server: string;
  readonly proxy: string;
}

/** Runs a script against a single server and through the proxy, both emptied before, and tells what differs. */
export async function compare(script: Script, pace: Pace, serverPort: number, proxyPort: number): Promise<Mismatch[]> {
  const server = await answers(script, pace, serverPort);
  const proxy = await answers(script, pace, proxyPort);
  const mismatches: Mismatch[] = [];
  for (const [i, line] of script.lines.entries()) {
    const [one, other] = [server[i] as Reply, proxy[i] as Reply];
    if (!alike(script.name, line, one, other))
      mismatches.push({ line: line.text, server: render(one), proxy: render(other) });
  }
  return mismatches;
}

async function answers(script: Script, pace: Pace, port: number): Promise<Reply[]> {
  const connection = await Connection.open(port);
  try {
    await connection.command('FLUSHALL');
    const replies: Reply[] = [];
    if (pace === 'pipelined') connection.send(Buffer.concat(script.lines.map((line) => encode(line.parts))));
    for (const line of script.lines) {
      if (pace === 'one by one') connection.send(encode(line.parts));
      replies.push(await replyTo(connection, line));
    }
    return replies;
  } finally {
    connection.close();
  }
}

async function replyTo(connection: Connection, line: Line): Promise<Reply> {
  try {
    return await connection.reply();
  } catch (error) {
    throw new Error(`after ${line.text}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function alike(script: string, line: Line, server: Reply, proxy: Reply): boolean {
  const exception = exceptionFor(script, line.text);
  if (exception !== undefined) return exception.answer.test(render(proxy));
  if (line.comparison === 'type') return server.type === proxy.type && (server.text === null) === (proxy.text === null);
  const show = line.comparison === 'unordered' ? renderUnordered : render;
  return show(server) === show(proxy);
}
