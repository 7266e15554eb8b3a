// The first minutes of a store: that it was seen empty. Lasts as long as the page is open, over all pages of the
// dashboard.
class FirstRun {
  #sawEmpty = $state(false);

  /** True from when the store was seen empty until the viewer is done with the first event. */
  get isOn(): boolean {
    return this.#sawEmpty;
  }

  begin(): void {
    this.#sawEmpty = true;
  }

  end(): void {
    this.#sawEmpty = false;
  }
}

export const firstRun = new FirstRun();
