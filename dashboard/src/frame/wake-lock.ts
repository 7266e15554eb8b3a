// Keeps the screen on while the page is shown, where the browser allows it (over HTTPS, or on the machine itself).

/** The function returned lets the screen go off again. */
export function keepAwake(): () => void {
  let lock: WakeLockSentinel | undefined;
  let isOver = false;
  const ask = async () => {
    // A page that was hidden has lost it.
    if (isOver || document.visibilityState === 'hidden' || !('wakeLock' in navigator)) return;
    try {
      lock = await navigator.wakeLock.request('screen');
      if (isOver) void lock.release();
    } catch {
      // Refused, e.g. to save the battery: the screen does as its owner has set it.
    }
  };
  const onshown = () => void ask();
  void ask();
  document.addEventListener('visibilitychange', onshown);
  return () => {
    isOver = true;
    document.removeEventListener('visibilitychange', onshown);
    void lock?.release();
  };
}
