// Times and days of the device, as people write them.

/** A clock time of the device: "15:50". Written by hand, because it stands in what is drawn every second. */
export function clockTime(deviceTime: number): string {
  const time = new Date(deviceTime);
  return [time.getHours(), time.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** A day: "22 December 2026". */
export function longDate(deviceTime: number): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' }).format(
    deviceTime,
  );
}

/** A day with its weekday: "Sunday 22 November 2026". */
export function fullDate(deviceTime: number): string {
  const options = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;
  return new Intl.DateTimeFormat('en-GB', options).format(deviceTime).replace(',', '');
}
