/** The version of everything here: containers, chart and packages carry the same. */
export const VERSION = '0.1.0';
