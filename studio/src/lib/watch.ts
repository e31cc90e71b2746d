// The socket of one world: every day's counters, and as many pictures as this page can paint.

import { tokenOf } from './api';
import { readFrame, type Frame } from './frames';
import type { DayNews } from './types';

export interface Pace {
  paused?: boolean;
  days_per_second?: number;
  step?: number;
}

export interface Listener {
  hello(message: Record<string, unknown>): void;
  day(news: DayNews): void;
  frame(frame: Frame): void;
  done(message: Record<string, unknown>): void;
  lost(): void;
}

/** Watch a world until `close`; a picture is acknowledged only after it was painted. */
export class Watch {
  private socket: WebSocket | null = null;
  private closed = false;
  private finished = false;

  constructor(
    private readonly id: string,
    private readonly listener: Listener,
  ) {
    this.open();
  }

  /** Change the pace of the world. */
  pace(pace: Pace): void {
    this.say({ pace });
  }

  close(): void {
    this.closed = true;
    this.socket?.close();
  }

  private open(): void {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(`${scheme}://${location.host}/api/worlds/${encodeURIComponent(this.id)}/watch`);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => socket.send(JSON.stringify({ token: tokenOf() }));
    socket.onmessage = ({ data }) => (typeof data === 'string' ? this.told(JSON.parse(data)) : this.shown(data));
    socket.onclose = () => {
      if (this.closed || this.finished) return;
      this.listener.lost();
      setTimeout(() => this.closed || this.open(), 1500);
    };
    this.socket = socket;
  }

  private told(message: any): void {
    if (message.type === 'hello') this.listener.hello(message);
    else if (message.type === 'day') this.listener.day(message);
    else if (message.type === 'done') {
      this.finished = true;
      this.listener.done(message);
    }
  }

  private shown(data: ArrayBuffer): void {
    const frame = readFrame(data);
    const painted = () => {
      this.listener.frame(frame);
      this.say({ ack: frame.number });
    };
    // a page in the background paints nothing, and must not hold pictures back for ever
    if (document.hidden) painted();
    else requestAnimationFrame(painted);
  }

  private say(message: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }
}
