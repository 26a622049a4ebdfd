/** What a command that takes no arguments does with those it got. */
export interface Refused {
  readonly text: string;
  readonly exitCode: number;
}

/**
 * For commands that take no arguments, so that one who asks for help, or for something that is not there, does not start work of minutes.
 * @param command as it is typed, such as `npm run demo`
 * @param about what it does, in a sentence, and how it is told to do otherwise
 * @returns undefined when there are none
 */
export function refuseArguments(command: string, about: string, args: readonly string[]): Refused | undefined {
  if (args.length === 0) return undefined;
  const usage = `usage: ${command}\n${about}`;
  if (args.includes('--help') || args.includes('-h')) return { text: usage, exitCode: 0 };
  return { text: `motif: ${command} takes no arguments, got ${args.join(' ')}\n${usage}`, exitCode: 2 };
}

/** Ends the process when there are arguments. */
export function takesNoArguments(command: string, about: string): void {
  const refused = refuseArguments(command, about, process.argv.slice(2));
  if (refused === undefined) return;
  console.error(refused.text);
  process.exit(refused.exitCode);
}
