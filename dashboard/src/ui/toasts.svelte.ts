// Short messages that go away by themselves.

/** What can be done about what was said, such as taking it back. */
export interface ToastAction {
  label: string;
  run: () => void;
}
interface Toast {
  id: number;
  text: string;
  action?: ToastAction;
}

let list = $state.raw<Toast[]>([]);
let count = 0;

const SHOWN_MS = 4000;
/** Long enough to be read and reached. */
const WITH_ACTION_MS = 10_000;

/** The messages in sight. */
export function toasts() {
  return list;
}

/** Says something for four seconds; with something to do about it for ten. */
export function say(text: string, action?: ToastAction): void {
  const id = ++count;
  list = [...list.slice(-2), { id, text, ...(action && { action }) }];
  setTimeout(() => unsay(id), action ? WITH_ACTION_MS : SHOWN_MS);
}

/** Takes a message away. */
export function unsay(id: number): void {
  list = list.filter((toast) => toast.id !== id);
}
