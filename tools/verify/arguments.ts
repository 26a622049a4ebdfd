/** `--seconds N` of a proof's own command line. @throws Error when it is missing or no number */
export function secondsFrom(args: readonly string[]): number {
  const seconds = Number(args[args.indexOf('--seconds') + 1]);
  if (!args.includes('--seconds') || !Number.isFinite(seconds)) throw new Error('--seconds N is needed');
  return seconds;
}
