// One world (and its twin) as this page knows it: followed live over a socket, or looked at on an earlier day.

import { bytes, get } from './api';
import { readFrame } from './frames';
import type { DayNews, State, World } from './types';
import { Watch, type Pace } from './watch';

/** The seven counters of a day, in the order in which they are shown. */
export const COUNTERS = ['refused', 'listed', 'summoned', 'by_association', 'by_error', 'posts_withheld', 'affected'] as const;

function roomFor(days: number, values: number[]): Float64Array {
  const room = new Float64Array(Math.max(days, values.length));
  room.set(values);
  return room;
}

export class Session {
  world = $state.raw<World | null>(null);
  state = $state<State>('waiting');
  /** Days lived so far; the last is `lived - 1`. */
  lived = $state(0);
  /** The day that is shown, -1 before any. */
  shown = $state(-1);
  following = $state(true);
  frames = $state.raw<(Uint8Array | null)[]>([]);
  dropped = $state(0);
  error = $state.raw<unknown>(null);
  lost = $state(false);
  /** Days per second; null as fast as the engine. */
  speed = $state<number | null>(null);
  /** Goes up whenever the series have grown; read it to see them again. */
  grown = $state(0);
  /** Name -> for each world a number per day, with room for all days from the start, so that a year takes no more and more memory. */
  series: Record<string, (Float64Array | null)[]> = {};

  private watch: Watch | null = null;
  private waiting = false;
  private wish = 0;

  constructor(readonly id: string) {
    void this.attach();
  }

  /** Value of a counter or stock in a world on a day, or null. */
  at(name: string, world: number, day: number): number | null {
    void this.grown;
    return day < this.lived ? (this.series[name]?.[world]?.[day] ?? null) : null;
  }

  /** Change the pace. */
  pace(pace: Pace): void {
    if (pace.paused !== undefined && this.state !== 'done') this.state = pace.paused ? 'paused' : 'living';
    if (pace.days_per_second !== undefined) this.speed = pace.days_per_second;
    this.watch?.pace(pace);
  }

  /** Show an earlier day; the last one lived follows the world again. */
  async look(day: number): Promise<void> {
    this.following = day >= this.lived - 1 && this.state !== 'done';
    this.shown = day;
    const wish = ++this.wish;
    const worlds = this.world?.worlds.length ?? 1;
    try {
      const frames = await Promise.all(
        Array.from({ length: worlds }, async (_, k) => readFrame(await bytes(`worlds/${this.id}/days/${day}?world=${k}`)).people),
      );
      if (wish === this.wish) this.frames = frames;
    } catch (error) {
      if (wish === this.wish) this.error = error;
    }
  }

  /** Show the newest day again, and every one after it. */
  follow(): void {
    void this.look(this.lived - 1);
  }

  close(): void {
    this.watch?.close();
  }

  private async attach(): Promise<void> {
    try {
      await this.refresh();
    } catch (error) {
      this.error = error;
      return;
    }
    if (this.ended()) {
      if (this.lived) await this.look(this.lived - 1);
      return;
    }
    this.watch = new Watch(this.id, {
      hello: (message) => {
        this.lost = false;
        if (typeof message.state === 'string') this.state = message.state as State;
      },
      day: (news) => this.day(news),
      frame: (frame) => {
        this.dropped = Math.max(this.dropped, frame.dropped);
        if (!this.following) return;
        this.frames = Object.assign([...this.frames], { [frame.world]: frame.people });
        // counters stand at the evening that the dots show, not at a later one
        if (frame.world + 1 === this.frames.length) this.shown = frame.day;
      },
      done: (message) => void this.done(message),
      lost: () => (this.lost = true),
    });
  }

  private ended(): boolean {
    return this.state === 'done' || this.state === 'failed';
  }

  private async refresh(): Promise<void> {
    const world = await get<World & { pace?: { days_per_second?: number | null } }>(`worlds/${this.id}`);
    this.series = Object.fromEntries(
      Object.entries(world.series).map(([name, rows]) => [name, rows.map((row) => row && roomFor(world.days, row))]),
    );
    this.state = world.state;
    this.speed = world.pace?.days_per_second ?? null;
    this.lived = Object.values(world.series)[0]?.find(Boolean)?.length ?? 0;
    this.world = { ...world, series: {} };
    if (!this.frames.length) this.frames = world.worlds.map(() => null);
    if (this.following) this.shown = this.lived - 1;
    this.grown++;
  }

  private day(news: DayNews): void {
    if (news.t < this.lived) return; // told before
    if (news.t > this.lived) {
      void this.refresh(); // days were told while the line was down
      return;
    }
    news.counters.forEach((counters, k) => this.note(counters, k, news.t));
    news.stocks?.forEach((stocks, k) => this.note(stocks, k, news.t));
    this.lived = news.t + 1;
    if (this.state === 'waiting') this.state = 'living';
    this.show();
  }

  private note(numbers: Record<string, number>, world: number, day: number): void {
    const { worlds, days } = this.world!;
    for (const [name, value] of Object.entries(numbers)) {
      const rows = (this.series[name] ??= worlds.map(() => null));
      (rows[world] ??= roomFor(days, []))[day] = value;
    }
  }

  /** Let charts see what came, four times a second at most: drawing them costs more than the dots. */
  private show(): void {
    if (this.waiting) return;
    this.waiting = true;
    setTimeout(() => {
      this.waiting = false;
      this.grown++;
    }, 250);
  }

  private async done(message: Record<string, unknown>): Promise<void> {
    this.dropped = Number(message.dropped ?? this.dropped);
    try {
      await this.refresh();
      if (this.following && this.lived) await this.look(this.lived - 1);
    } catch (error) {
      this.error = error;
    }
  }
}
