import { textAt } from './bytes.ts';
import type { Arguments, CommandSpec } from './spec.ts';

/** Redis's own texts, without `-` and line end, so that a client cannot tell who answered. Bytes are latin1. */

/** For a name that the table does not have. */
export function unknownCommand(args: Arguments): string {
  let quoted = '';
  for (let i = 1; i < args.count && quoted.length < 128; i++)
    quoted += `'${textAt(args, i).slice(0, 128 - quoted.length)}' `;
  return oneLine(`ERR unknown command '${textAt(args, 0).slice(0, 128)}', with args beginning with: ${quoted}`);
}

/** For a subcommand that its container does not have. */
export function unknownSubcommand(args: Arguments): string {
  return oneLine(
    `ERR unknown subcommand '${textAt(args, 1).slice(0, 128)}'. Try ${textAt(args, 0).toUpperCase()} HELP.`,
  );
}

/** For too many or too few arguments. */
export function wrongArity(spec: CommandSpec): string {
  return `ERR wrong number of arguments for '${spec.name}' command`;
}

/** Whether `count` arguments (the name counts) are what the command takes. */
export function arityFits(spec: CommandSpec, count: number): boolean {
  return spec.arity > 0 ? spec.arity === count : count >= -spec.arity;
}

/** For keys that have several owners. */
export const CROSSSLOT = "CROSSSLOT Keys in request don't hash to the same slot";

function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]/g, ' ');
}
