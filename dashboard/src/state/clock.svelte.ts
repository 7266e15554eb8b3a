// The time, ticking once a second while somebody looks at it: ages ("2 s ago") are read from here.
import { createSubscriber } from 'svelte/reactivity';

let now = Date.now();

const subscribe = createSubscriber((update) => {
  const timer = setInterval(() => {
    now = Date.now();
    update();
  }, 1000);
  return () => clearInterval(timer);
});

export const clock = {
  /** Milliseconds since 1970; inside an effect or template it keeps itself up to date. */
  get now(): number {
    subscribe();
    now = Date.now();
    return now;
  },
};
