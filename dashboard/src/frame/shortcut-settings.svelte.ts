// Whether letters act as shortcuts (who speaks to the computer, or hits keys by accident, turns them off), and
// whether their sheet is open.
import { remember, remembered } from '../state/storage.ts';

class ShortcutSettings {
  #isOn = $state(remembered('shortcuts') !== 'off');
  isSheetOpen = $state(false);

  get isOn(): boolean {
    return this.#isOn;
  }

  set isOn(on: boolean) {
    this.#isOn = on;
    remember('shortcuts', on ? null : 'off');
  }
}

export const shortcuts = new ShortcutSettings();
