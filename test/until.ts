/** Waiting in real time for what comes in its own time. */

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * Ends as soon as it is so. Patient, since requests are tried again in real time, and a machine may be busy.
 * @param what is waited for, or what to say instead, made only when it never came
 * @param within ms
 */
export async function until(isSo: () => boolean | Promise<boolean>, what: string | (() => string) = String(isSo), within = 30_000): Promise<void> {
  const end = performance.now() + within
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`waited ${within / 1000} s in vain: ${typeof what === 'string' ? what : what()}`)
    await pause(10)
  }
}
