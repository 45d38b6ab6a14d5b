/** What is wrong with how the demo was started, in one sentence: no stack. */
export class DemoError extends Error {}
