// Short messages that go away by themselves.
export interface ToastAction {
  label: string;
  run: () => void;
}
interface Toast {
  id: number;
  text: string;
  action?: ToastAction | undefined;
}
let list = $state.raw<Toast[]>([]);
let count = 0;

/** The messages in sight. */
export function toasts() {
  return list;
}

/** Says something for four seconds; with something to do about it, such as undo, for ten. */
export function say(text: string, action?: ToastAction): void {
  const id = ++count;
  list = [...list.slice(-2), { id, text, action }];
  setTimeout(() => dismiss(id), action ? 10_000 : 4000);
}

/** Takes a message away. */
export function dismiss(id: number): void {
  list = list.filter((toast) => toast.id !== id);
}
