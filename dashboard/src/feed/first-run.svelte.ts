// The first minutes of a store: that it was seen empty, and the first event that came since. Lasts as long as the
// page is open, over all pages of the dashboard.
import type { FeedEventFragment } from '../api/generated.ts';

class FirstRun {
  #sawEmpty = $state(false);
  #event = $state.raw<FeedEventFragment | null>(null);

  /** True from when the store was seen empty until the viewer is done with the first event. */
  get isOn(): boolean {
    return this.#sawEmpty;
  }

  /** The first event that was seen to arrive. */
  get event(): FeedEventFragment | null {
    return this.#event;
  }

  begin(): void {
    this.#sawEmpty = true;
  }

  arrived(event: FeedEventFragment): void {
    this.#event ??= event;
  }

  end(): void {
    this.#sawEmpty = false;
    this.#event = null;
  }
}

export const firstRun = new FirstRun();
