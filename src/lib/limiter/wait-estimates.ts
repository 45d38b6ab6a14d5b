import type { Job } from './queue'

/** A new estimate is worth telling when it differs by so many ms, and by a quarter of what is left. */
const WORTH_TELLING = 1000

/** Tells requests how long they will wait, once the queue is in order: what is called back may use the limiter. */
export class Expectations {
  readonly #reject: (job: Job, reason: unknown) => void
  #news: { job: Job; wait: number }[] = []

  /** @param reject for a request whose callback throws; it may have left the queue meanwhile */
  constructor(reject: (job: Job, reason: unknown) => void) {
    this.#reject = reject
  }

  /** Notes when a request may start, monotonic ms, if that is news to it. */
  note(job: Job, at: number, now: number): void {
    if (!job.onWait) return
    const wait = at - now
    const change = Math.abs(at - job.told)
    if (wait < 1 || (job.told > 0 && (change < WORTH_TELLING || change < wait / 4))) return
    job.told = at
    this.#news.push({ job, wait })
  }

  tell(): void {
    if (this.#news.length === 0) return
    const news = this.#news
    this.#news = []
    for (const { job, wait } of news) {
      if (!job.queued) continue
      try {
        job.onWait?.(wait)
      } catch (error) {
        this.#reject(job, error)
      }
    }
  }
}
