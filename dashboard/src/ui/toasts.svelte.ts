// Short messages that go away by themselves.
let list = $state.raw<{ id: number; text: string }[]>([]);
let count = 0;

/** The messages in sight. */
export function toasts() {
  return list;
}

/** Says something for four seconds. */
export function say(text: string): void {
  const id = ++count;
  list = [...list.slice(-2), { id, text }];
  setTimeout(() => (list = list.filter((toast) => toast.id !== id)), 4000);
}
