// Calendar dates to instants in a time zone, by Intl alone. Pure.

/** True when the runtime knows the zone. */
export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** How far the zone's wall clock is ahead of UTC at an instant, in milliseconds. */
function offsetAt(instant: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant);
  const part = (type: string) => Number(parts.find((p) => p.type === type)?.value);
  const wall = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return wall - Math.floor(instant / 1000) * 1000;
}

/** The instant (RFC 3339, UTC) at which the day `date` ("2026-03-29") begins in the zone. */
export function instantOf(date: string, timeZone: string): string {
  return instantOfWall(`${date}T00:00`, timeZone);
}

/** The instant (RFC 3339, UTC) at which clocks in the zone show `text` ("2026-03-29T14:30"). */
export function instantOfWall(text: string, timeZone: string): string {
  const wall = Date.parse(`${text}Z`);
  const guess = wall - offsetAt(wall, timeZone);
  return new Date(wall - offsetAt(guess, timeZone)).toISOString();
}

/** What clocks in the zone show at an instant, to the minute: "2026-03-29T14:30". */
export function wallOf(instant: number, timeZone: string): string {
  return new Date(instant + offsetAt(instant, timeZone)).toISOString().slice(0, 16);
}
