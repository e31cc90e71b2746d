// A scheme while it is being changed: a preset or a text, what is set, what is switched off, and what the checker says.

import { ApiError, post } from '../../lib/api';
import type { Checked, Value } from '../../lib/types';

export class Draft {
  /** Preset it starts from; empty where it starts from a text. */
  preset = $state('');
  text = $state('');
  set = $state<Record<string, unknown>>({});
  without = $state<string[]>([]);
  /** What the checker said last; its values are the form's. */
  checked = $state.raw<Checked | null>(null);
  findings = $state.raw<Checked['diagnostics']>([]);
  ok = $state(false);
  busy = $state(false);
  error = $state.raw<unknown>(null);

  private wish = 0;
  private later: ReturnType<typeof setTimeout> | undefined;

  /** Start anew from a preset. */
  from(preset: string): void {
    Object.assign(this, { preset, text: '', set: {}, without: [] });
    void this.check();
  }

  /** Start anew from the text of a scenario. */
  open(text: string): void {
    Object.assign(this, { preset: '', text, set: {}, without: [] });
    void this.check();
  }

  /** Change one number; back to what it was takes the change away. */
  put(value: Value, now: unknown): void {
    if (this.preset && JSON.stringify(now) === JSON.stringify(value.default_of_preset)) delete this.set[value.path];
    else this.set[value.path] = now;
    this.soon();
  }

  /** Switch a rule on or off. */
  turn(id: string, on: boolean): void {
    this.without = on ? this.without.filter((one) => one !== id) : [...this.without, id];
    void this.check();
  }

  /** Value of a number as it stands in the form. */
  now(value: Value): unknown {
    return value.path in this.set ? this.set[value.path] : value.value;
  }

  /** What the server is asked to check or to live. */
  get wanted(): Record<string, unknown> {
    const changes = { set: { ...this.set }, without: [...this.without] };
    return this.preset ? { preset: this.preset, ...changes } : { text: this.text, ...changes };
  }

  private soon(): void {
    clearTimeout(this.later);
    this.later = setTimeout(() => void this.check(), 350);
  }

  private async check(): Promise<void> {
    const wish = ++this.wish;
    this.busy = true;
    this.error = null;
    try {
      const checked = await post<Checked>('check', this.wanted);
      if (wish === this.wish) this.take(checked);
    } catch (caught) {
      if (wish !== this.wish) return;
      const told = caught instanceof ApiError ? (caught.body as Checked | null) : null;
      if (told?.diagnostics) this.take(told);
      else this.error = caught;
      this.ok = false;
    } finally {
      if (wish === this.wish) this.busy = false;
    }
  }

  private take(checked: Checked): void {
    this.ok = checked.ok;
    this.findings = checked.diagnostics;
    // a scheme that cannot be read has no values: the form keeps those it had, so that the mistake can be mended
    if (checked.ok || !this.checked) this.checked = checked;
  }
}
