import { ClusterError } from '../base/errors.ts';

export type Command =
  | { readonly name: 'up'; readonly nodes: number }
  | { readonly name: 'down' }
  | { readonly name: 'status' }
  | { readonly name: 'kubeconfig' }
  | { readonly name: 'load'; readonly images: readonly string[] };

export const usage = 'usage: npm run cluster -- up [--nodes N] | down | status | load IMAGE… | kubeconfig';

/** More nodes than this do not fit into the machine's memory and the network's addresses. */
const maxNodes = 9;

/** @throws ClusterError `BadArguments` that says what was found and what is allowed. */
export function parseArguments(args: readonly string[]): Command {
  const [name, ...rest] = args;
  switch (name) {
    case 'up':
      return { name, nodes: parseNodes(rest) };
    case 'down':
    case 'status':
    case 'kubeconfig':
      if (rest.length > 0) throw bad(`${name} takes no arguments, got ${rest.join(' ')}`);
      return { name };
    case 'load':
      if (rest.length === 0)
        throw bad('load needs the name of an image (motif/operator, …) or the path of an image archive');
      return { name, images: rest };
    default:
      throw bad(name === undefined ? 'a command is missing' : `there is no command ${name}`);
  }
}

function parseNodes(rest: readonly string[]): number {
  if (rest.length === 0) return 1;
  const text = rest[0] === '--nodes' && rest.length === 2 ? rest[1] : /^--nodes=(.*)$/.exec(rest.join(' '))?.[1];
  if (text === undefined) throw bad(`up takes --nodes N, got ${rest.join(' ')}`);
  const nodes = Number(text);
  if (!Number.isInteger(nodes) || nodes < 1 || nodes > maxNodes)
    throw bad(`--nodes is ${text}; it has to be 1 to ${maxNodes}`);
  return nodes;
}

function bad(message: string): ClusterError {
  return new ClusterError('BadArguments', `${message}\n${usage}`);
}
